import { IssuedTokens } from './issued-tokens.js';
import { NoToken, type IssuedToken } from './token-endpoint.js';

let nowMs: number;
let asked: number;
let issue: () => Promise<IssuedToken>;
let tokens: IssuedTokens;

beforeEach(() => {
  nowMs = 1000;
  asked = 0;
  issue = async () => ({ token: `t${asked}`, lifetimeMs: 600_000 });
  tokens = new IssuedTokens(
    () => {
      asked += 1;
      return issue();
    },
    () => nowMs,
  );
});

const sent = async (): Promise<string | undefined> => (await tokens.headers())['authorization'];

describe('tokens that a token endpoint issues', () => {
  it('serve until shortly before their end', async () => {
    await expect(sent()).resolves.toBe('Bearer t1');
    nowMs += 569_999;
    await expect(sent()).resolves.toBe('Bearer t1');
    nowMs += 1;
    await expect(sent()).resolves.toBe('Bearer t2');
  });

  it('that live shortly serve for nine tenths of it', async () => {
    issue = async () => ({ token: `t${asked}`, lifetimeMs: 10_000 });
    await expect(sent()).resolves.toBe('Bearer t1');
    nowMs += 8_999;
    await expect(sent()).resolves.toBe('Bearer t1');
    nowMs += 1;
    await expect(sent()).resolves.toBe('Bearer t2');
  });

  it('are asked for once by all who need one', async () => {
    await expect(Promise.all([sent(), sent(), sent()])).resolves.toEqual([
      ...['Bearer t1', 'Bearer t1', 'Bearer t1'],
    ]);
    expect(asked).toBe(1);
  });

  it('are asked for again when the upstream refuses one that has served for a while', async () => {
    await sent();
    expect(tokens.refused({ authorization: 'Bearer t1' })).toBe(false);
    await expect(sent()).resolves.toBe('Bearer t1');

    nowMs += 10_000;
    expect(tokens.refused({ authorization: 'Bearer t1' })).toBe(true);
    await expect(sent()).resolves.toBe('Bearer t2');
    // A new one would be refused as well.
    expect(tokens.refused({ authorization: 'Bearer t2' })).toBe(false);
  });

  it('are sent anew by all whose token was refused, and asked for once', async () => {
    await sent();
    nowMs += 10_000;
    const again = async (): Promise<string | undefined> =>
      tokens.refused({ authorization: 'Bearer t1' }) ? sent() : undefined;

    await expect(Promise.all([again(), again()])).resolves.toEqual(['Bearer t2', 'Bearer t2']);
    // This one learns of it when the next token is there.
    await expect(again()).resolves.toBe('Bearer t2');
    expect(asked).toBe(2);
  });

  it('are forgotten, one that is being asked for as well', async () => {
    await sent();
    tokens.forget();
    const answers: ((issued: IssuedToken) => void)[] = [];
    issue = () =>
      new Promise((resolve) => {
        answers.push(resolve);
      });
    const early = sent();
    tokens.forget();
    const late = sent();

    answers[0]?.({ token: 't2', lifetimeMs: 600_000 });
    // Whoever waited for it learns from the upstream that it serves no longer.
    await expect(early).resolves.toBe('Bearer t2');
    expect(tokens.refused({ authorization: 'Bearer t2' })).toBe(true);
    const latest = sent();
    answers[1]?.({ token: 't3', lifetimeMs: 600_000 });
    await expect(Promise.all([late, latest, sent()])).resolves.toEqual([
      ...['Bearer t3', 'Bearer t3', 'Bearer t3'],
    ]);
    expect(asked).toBe(3);
  });

  it('that cannot be had are not asked for by each request, and are asked for again', async () => {
    issue = () => Promise.reject(new NoToken('The status is 400'));
    await expect(sent()).rejects.toMatchObject({ status: 502 });
    await expect(sent()).rejects.toMatchObject({ status: 502 });
    expect(asked).toBe(1);

    issue = async () => ({ token: 'back', lifetimeMs: 600_000 });
    nowMs += 1_000;
    await expect(sent()).resolves.toBe('Bearer back');
  });
});
