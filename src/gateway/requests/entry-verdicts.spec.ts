import type { BundleEntry } from '../../interactions/bundle/bundle-entry.js';
import { SentEntryVerdict } from './entry-verdicts.js';

/** What is answered in place of an entry whose answer has another resource. */
function insteadOf(method: BundleEntry['method'], id: string): unknown {
  const entry = { method, type: { name: 'Patient' }, address: { id: 'p1' } };
  const verdict = new SentEntryVerdict({
    index: 0,
    entry: entry as BundleEntry,
    element: '',
    isUpdate: false,
  });
  verdict.hear('resourceType', 'Patient');
  verdict.hear('id', id);
  return verdict.instead === undefined ? undefined : (JSON.parse(verdict.instead) as unknown);
}

describe('an OperationOutcome', () => {
  it.each<[string, BundleEntry['method'], string | undefined, string | undefined, boolean]>([
    ['a search that is refused', 'GET', undefined, '400', true],
    ['a search that was carried out', 'GET', undefined, '200 OK', false],
    ['a search of which nothing is said', 'GET', undefined, undefined, true],
    ['a read', 'GET', 'p1', '200', true],
    ['a create', 'POST', undefined, '201', true],
  ])('may answer %s by %s of %s with %s: %s', (_name, method, id, status, isPossible) => {
    const entry = { method, type: { name: 'Patient' }, address: { id } } as BundleEntry;
    const verdict = new SentEntryVerdict({ index: 0, entry, element: '', isUpdate: false });
    verdict.hear('resourceType', 'OperationOutcome');
    if (status !== undefined) verdict.hear('status', status);

    expect(verdict.instead === undefined).toBe(isPossible);
    expect(verdict.mayBeRefused).toBe(status === undefined || status === '400');
  });
});

describe('an entry that is answered with another resource', () => {
  it.each([
    ['GET', 'transient'],
    ['PUT', 'exception'],
    ['PATCH', 'exception'],
    ['DELETE', 'exception'],
  ] as const)('by %s is refused with the code %s', (method, code) => {
    expect(insteadOf(method, 'p2')).toMatchObject({
      response: { status: '502', outcome: { issue: [{ code }] } },
    });
    expect(insteadOf(method, 'p1')).toBeUndefined();
  });
});
