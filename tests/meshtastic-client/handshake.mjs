/** The order in which a radio answers for its configuration, over a plain socket. */
import { fromBinary } from '@bufbuild/protobuf';
import { Mesh } from '@meshtastic/protobufs';
import { connect } from 'node:net';

const kPatienceMs = 10_000;

/** The payloads of the frames in `bytes`; the last one may be incomplete. */
function* frames(bytes) {
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = bytes.readUInt16BE(at + 2);
    if (at + 4 + length > bytes.length) return;
    yield bytes.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
}

/** As @meshtastic/protobufs understands it; what is newer than its protobufs has no name there. */
function kindOf(payload) {
  const { payloadVariant } = fromBinary(Mesh.FromRadioSchema, payload);
  return [payloadVariant.case ?? 'unknown', payloadVariant.value?.payloadVariant?.case].filter(Boolean).join(' ');
}

/** What the radio at `port` answers to `request` (with its framing), up to the end of the list. */
export function kindsOfAnswer(port, request) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    let heard = Buffer.alloc(0);
    socket.setTimeout(kPatienceMs, () => socket.destroy(new Error('no end of the configuration')));
    socket.on('error', reject);
    socket.on('data', (bytes) => {
      heard = Buffer.concat([heard, bytes]);
      const kinds = [...frames(heard)].map(kindOf);
      const end = kinds.indexOf('configCompleteId');
      if (end < 0) return;
      socket.destroy();
      resolve(kinds.slice(0, end + 1));
    });
  });
}

/** What the real radio answered. It was alone: each of `others` is one more node_info, in its place. */
export function kindsRecorded(exchange, others) {
  const kinds = exchange.frames.map((frame) => kindOf(Buffer.from(frame.hex, 'hex')));
  const end = kinds.indexOf('configCompleteId');
  const files = kinds.indexOf('fileInfo');
  const place = files < 0 ? end : files;
  return [...kinds.slice(0, place), ...Array(others).fill('nodeInfo'), ...kinds.slice(place, end + 1)];
}
