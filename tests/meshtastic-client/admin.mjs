/** What Meshtastic's own client reads from, and writes to, the settings of a simulated radio. */
import { create } from '@bufbuild/protobuf';
import { Admin, Channel, Config, Mesh, ModuleConfig } from '@meshtastic/protobufs';
import { check, equal } from './tally.mjs';

const kSections = Admin.AdminMessage_ConfigTypeSchema.values.length;
const kModules = Admin.AdminMessage_ModuleConfigTypeSchema.values.length;

/** True when the radio acknowledged it, else how it refused. */
const outcome = (request) => request.then(() => true, (failed) => failed.error ?? failed.message);

/** One after the other, so that what has come since is the answer. The client's own protobufs may be
 *  older than these: it has no name for the newest section then, but tells of it all the same. */
async function sections(client, count, ask) {
  let answered = 0;
  for (let kind = 0; kind < count; kind++) {
    client.answers.length = 0;
    const acknowledged = await outcome(ask(kind));
    if (acknowledged === true && client.answers.length === 1) answered++;
  }
  return answered;
}

export async function reads(client) {
  equal('sections of the configuration read by admin messages', await sections(client, kSections, (kind) => client.device.getConfig(kind)), kSections);
  equal('module sections read by admin messages', await sections(client, kModules, (kind) => client.device.getModuleConfig(kind)), kModules);
  client.channels.clear();
  for (let index = 0; index < 8; index++) await outcome(client.device.getChannel(index));
  equal('channels read by admin messages', client.channels.size, 8);
  client.owners.length = 0;
  await outcome(client.device.getOwner());
  equal('owner read by an admin message', client.owners[0]?.data.longName, client.nodes.get(client.number));
  delete client.metadata;
  await outcome(client.device.getMetadata(client.number));
  check('firmware read by an admin message', client.metadata?.firmwareVersion, 'any', Boolean(client.metadata?.firmwareVersion));
}

export async function writes(client, other) {
  const name = 'Ridge camp';
  equal('a new owner is acknowledged', await outcome(client.device.setOwner(create(Mesh.UserSchema, { longName: name, shortName: 'RC' }))), true);
  client.owners.length = 0;
  await outcome(client.device.getOwner());
  equal('owner read back', client.owners[0]?.data.longName, name);
  const introduced = await other.wait(other.owners, (packet) => packet.from === client.number && packet.data.longName === name);
  equal('owner as the other radio hears it', introduced?.data.longName, name);

  const device = { case: 'device', value: create(Config.Config_DeviceConfigSchema, { nodeInfoBroadcastSecs: 7200 }) };
  equal('a device section is acknowledged', await outcome(client.device.setConfig(create(Config.ConfigSchema, { payloadVariant: device }))), true);
  client.answers.length = 0;
  await outcome(client.device.getConfig(Admin.AdminMessage_ConfigType.DEVICE_CONFIG));
  equal('device section read back', client.answers[0]?.value.nodeInfoBroadcastSecs, 7200);
  const telemetry = { case: 'telemetry', value: create(ModuleConfig.ModuleConfig_TelemetryConfigSchema, { deviceUpdateInterval: 600 }) };
  equal('a module section is acknowledged', await outcome(client.device.setModuleConfig(create(ModuleConfig.ModuleConfigSchema, { payloadVariant: telemetry }))), true);
  client.answers.length = 0;
  await outcome(client.device.getModuleConfig(Admin.AdminMessage_ModuleConfigType.TELEMETRY_CONFIG));
  equal('module section read back', client.answers[0]?.value.deviceUpdateInterval, 600);
}

/** Both radios get one more channel; the answer is its index. */
export async function secondChannel(...clients) {
  const psk = new Uint8Array(32).fill(0x5A);
  for (const client of clients) {
    const settings = { name: 'second', psk };
    const channel = create(Channel.ChannelSchema, { index: 1, role: Channel.Channel_Role.SECONDARY, settings });
    equal(`channel 1 of radio ${client.number.toString(16)} is acknowledged`, await outcome(client.device.setChannel(channel)), true);
  }
  return 1;
}
