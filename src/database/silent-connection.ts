import { Socket } from 'node:net';

/**
 * Makes the sockets of a pool whose statements the server cancels in time: a connection on which
 * nothing arrives for longer is lost, whatever the network says, and must not be waited for.
 *
 * @param silenceMs longest silence, in ms, before the connection fails
 */
export function closingWhenSilent(silenceMs: number): () => Socket {
  return () => {
    const socket = new Socket();
    socket.setTimeout(silenceMs, () => {
      socket.destroy(new Error(`Connection terminated: silent for ${silenceMs} ms`));
    });
    return socket;
  };
}
