import { startOpenIdProvider } from './openid-provider.mjs';
import { refusalSteps } from './refusal-steps.mjs';
import { printHeading, takeStep } from './take-step.mjs';
import { coloured, print } from './terminal.mjs';
import { tutorialSteps } from './tutorial-steps.mjs';
import { startWardgate } from './wardgate.mjs';

/**
 * Walks the tutorial on servers of its own, on loopback, and stops them again.
 *
 * @param {{ isStepwise: boolean }} options whether a person at a terminal starts every step by a key
 * @returns the exit status: 0 when every answer was the expected one, 130 when interrupted
 */
export async function runDemo({ isStepwise }) {
  const running = [];
  const keep = (server) => {
    running.unshift(server);
    return server;
  };
  try {
    return await Promise.race([walk(keep, isStepwise), interruption()]);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    return 1;
  } finally {
    for (const server of running) await server.stop();
  }
}

async function walk(keep, isStepwise) {
  print('Starting two OpenID providers and Wardgate with a database of its own …');
  const provider = keep(await startOpenIdProvider());
  const stranger = keep(await startOpenIdProvider());
  const wardgate = await startWardgate(keep);
  const scene = { provider, stranger, wardgate, replies: new Map() };
  const chapters = [
    ['A User from a foreign token', tutorialSteps],
    ['What is refused, and why', refusalSteps],
  ];
  const surprises = [];
  let count = 0;
  for (const [title, steps] of chapters) {
    printHeading(title);
    for (const step of steps) {
      count += 1;
      const isExpected = await takeStep(await step(scene), { number: count, isStepwise, scene });
      if (!isExpected) surprises.push(count);
    }
  }
  return conclude(count, surprises);
}

function conclude(count, surprises) {
  print();
  if (surprises.length === 0) {
    print(coloured('green', `${count} requests, every one answered as expected.`));
    return 0;
  }
  print(coloured('red', `Not answered as expected: ${surprises.join(', ')} of ${count}.`));
  return 1;
}

function interruption() {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => resolve(130));
  });
}
