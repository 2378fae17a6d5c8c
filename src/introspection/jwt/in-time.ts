import { OutboundFailure } from '../outbound/outbound-failure.js';

/**
 * Waits for a call that several requests share no longer than this one still has. The call goes on
 * for the others, and what becomes of it is theirs.
 *
 * @param leftMs milliseconds; nothing is left of a negative time
 * @throws OutboundFailure when the time is over first.
 */
export async function inTime<T>(call: Promise<T>, leftMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => {
        reject(new OutboundFailure('No answer within the time of the request'));
      },
      Math.max(0, leftMs),
    );
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
