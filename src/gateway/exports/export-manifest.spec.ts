import type { JsonObject } from '../../interactions/formats/json.js';
import { UpstreamFailed } from '../upstream/upstream-errors.js';
import { passedManifest, type ExportedFile } from './export-manifest.js';

const TIME = '2026-11-22T10:00:00.123+01:00';
const REQUEST = 'https://gate.example/fhir/$export';

/** Links that say what they lead to. */
const linkOf = ({ list, type, url }: ExportedFile): string => `${list} ${type} ${url}`;
const passed = (manifest: JsonObject, link = linkOf) =>
  passedManifest(
    { transactionTime: TIME, ...manifest },
    new Set(['Patient', 'Group']),
    REQUEST,
    link,
  );
const files = (length: number) =>
  Array.from({ length }, (_, at) => ({ type: 'Patient', url: String(at) }));

describe('passedManifest', () => {
  it('is made anew of what is understood', async () => {
    const manifest = await passed({
      request: 'http://10.0.0.7/fhir/$export',
      requiresAccessToken: false,
      output: [
        { type: 'Patient', url: 'a', count: 3, extension: { key: 'x' } },
        { type: 'Group', url: 'b', count: -1 },
      ],
      error: [{ type: 'OperationOutcome', url: 'c' }],
      deleted: [{ type: 'Bundle', url: 'd' }],
      link: [],
      message: 'done',
    });

    expect(manifest).toEqual({
      transactionTime: TIME,
      request: REQUEST,
      requiresAccessToken: true,
      output: [
        { type: 'Patient', url: 'output Patient a', count: 3 },
        { type: 'Group', url: 'output Group b' },
      ],
      error: [{ type: 'OperationOutcome', url: 'error OperationOutcome c' }],
      deleted: [{ type: 'Bundle', url: 'deleted Bundle d' }],
    });
  });

  it('has no files of other types, whatever list they are in', async () => {
    const file = { type: 'Patient', url: 'a' };
    const manifest = await passed({
      output: [{ type: 'Condition', url: 'b' }],
      error: [file],
      deleted: [file],
    });

    expect(manifest).toMatchObject({
      output: [],
      error: [{ type: 'OperationOutcome', url: 'error OperationOutcome a' }],
      deleted: [{ type: 'Bundle', url: 'deleted Bundle a' }],
    });
  });

  it.each<[string, JsonObject]>([
    ['without a time', { transactionTime: null }],
    ['with a time that is none', { transactionTime: '2026 <x>' }],
    ['with a list that is none', { error: 'none' }],
    ['with a file that is none', { output: ['a'] }],
    ['with a file without type', { output: [{ url: 'a' }] }],
    ['with a file without address', { deleted: [{ type: 'Bundle' }] }],
    ['that goes on elsewhere', { link: [{ relation: 'next', url: 'a' }] }],
    ['that may go on elsewhere', { link: {} }],
  ])('is none %s', async (_, manifest) => {
    await expect(passed(manifest)).rejects.toThrow(UpstreamFailed);
  });

  it('has ten thousand files at most', async () => {
    const whole = await passed({ output: files(9_999), error: files(1) });

    expect((whole as { output: object[] }).output).toHaveLength(9_999);
    await expect(passed({ output: files(9_999), error: files(2) })).rejects.toThrow(UpstreamFailed);
  });

  it('has links of 16 MiB at most, and makes no more of them than that', async () => {
    let made = 0;
    const longLinks = (length: number) =>
      passed({ output: files(length) }, () => {
        made += 1;
        return 'x'.repeat(16_384);
      });

    await expect(longLinks(1024)).resolves.toHaveProperty('output.length', 1024);
    made = 0;
    await expect(longLinks(10_000)).rejects.toThrow('_type parts');
    expect(made).toBe(1025);
  });

  it('lets others have their turn after each hundred links', async () => {
    let made = 0;
    let isOver = false;
    const turns: number[] = [];
    const take = (): void => {
      turns.push(made);
      if (!isOver) setImmediate(take);
    };
    setImmediate(take);

    await passed({ output: files(350) }, () => String((made += 1)));
    isOver = true;

    expect(turns).toEqual([100, 200, 300]);
  });
});
