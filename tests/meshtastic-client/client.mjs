/** Meshtastic's own client at one radio, with what it has heard. */
import { MeshDevice, Types } from '@meshtastic/core';
import { TransportNode } from '@meshtastic/transport-node';

const kPatienceMs = 20_000;
const kSilent = 6; // the client's log level for fatal errors alone

export class Client {
  nodes = new Map();
  infos = new Map(); // whole, by number
  texts = [];
  privates = [];
  channels = new Map();
  owners = [];
  answers = []; // sections of the configuration that came as answers, not with the handshake
  notices = [];

  static async connect(port) {
    const client = new Client();
    client.device = new MeshDevice(await TransportNode.create('127.0.0.1', port));
    client.device.log.settings.minLevel = kSilent;
    const { events } = client.device;
    events.onNodeInfoPacket.subscribe((node) => client.nodes.set(node.num, node.user?.longName));
    events.onNodeInfoPacket.subscribe((node) => client.infos.set(node.num, node));
    events.onMyNodeInfo.subscribe((info) => { client.number = info.myNodeNum; });
    events.onMessagePacket.subscribe((packet) => client.texts.push(packet));
    events.onPrivatePacket.subscribe((packet) => client.privates.push(packet));
    events.onChannelPacket.subscribe((channel) => client.channels.set(channel.index, channel));
    events.onUserPacket.subscribe((packet) => client.owners.push(packet));
    events.onDeviceMetadataPacket.subscribe((packet) => { client.metadata = packet.data; });
    events.onConfigPacket.subscribe((config) => client.answers.push(config.payloadVariant));
    events.onModuleConfigPacket.subscribe((config) => client.answers.push(config.payloadVariant));
    events.onClientNotificationPacket?.subscribe((notice) => client.notices.push(notice.message));
    return client;
  }

  /** configure() itself waits for a timer of a minute: status 7 says when it is done. */
  configure() {
    const done = new Promise((resolve) => {
      this.device.events.onDeviceStatus.subscribe((status) => {
        if (status === Types.DeviceStatusEnum.DeviceConfigured) resolve(true);
      });
    });
    this.device.configure().catch(() => {});
    return Promise.race([done, new Promise((resolve) => { setTimeout(resolve, kPatienceMs, false); })]);
  }

  /** The first of `list` that fits, or undefined after 20 seconds. */
  async wait(list, fits) {
    for (const last = Date.now() + kPatienceMs; Date.now() < last;) {
      const found = list.find(fits);
      if (found) return found;
      await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
    return undefined;
  }
}
