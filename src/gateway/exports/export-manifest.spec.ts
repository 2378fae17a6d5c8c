import type { JsonObject } from '../../interactions/formats/json.js';
import { UpstreamFailed } from '../upstream/upstream-errors.js';
import { passedManifest, type ExportedFile } from './export-manifest.js';

const TIME = '2026-11-22T10:00:00.123+01:00';
const REQUEST = 'https://gate.example/fhir/$export';

/** Links that say what they lead to. */
const linkOf = ({ list, type, url }: ExportedFile): string => `${list} ${type} ${url}`;
const passed = (manifest: JsonObject) =>
  passedManifest(
    { transactionTime: TIME, ...manifest },
    new Set(['Patient', 'Group']),
    REQUEST,
    linkOf,
  );

describe('passedManifest', () => {
  it('is made anew of what is understood', () => {
    const manifest = passed({
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

  it('has no files of other types, whatever list they are in', () => {
    const file = { type: 'Patient', url: 'a' };
    const manifest = passed({
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
  ])('is none %s', (_, manifest) => {
    expect(() => passed(manifest)).toThrow(UpstreamFailed);
  });

  it('has ten thousand files at most', () => {
    const files = (length: number) =>
      Array.from({ length }, (_, at) => ({ type: 'Patient', url: String(at) }));
    const { output } = passed({ output: files(9_999), error: files(1) }) as { output: object[] };

    expect(output).toHaveLength(9_999);
    expect(() => passed({ output: files(9_999), error: files(2) })).toThrow(UpstreamFailed);
  });
});
