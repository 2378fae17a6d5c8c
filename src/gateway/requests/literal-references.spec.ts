import { BadRequest } from '../../errors/fhir-error.js';
import { assertLiteralReferences } from './literal-references.js';

const isTaken = (content: Parameters<typeof assertLiteralReferences>[0], isPatch: boolean) => {
  try {
    assertLiteralReferences(content, isPatch);
    return true;
  } catch (error) {
    if (error instanceof BadRequest) return false;
    throw error;
  }
};
const referringTo = (reference: string | readonly string[]) => ({ subject: { reference } });
const pathPatch = (type: string, path: string, ...more: readonly { name: string }[]) => ({
  resourceType: 'Parameters',
  parameter: [
    {
      name: 'operation',
      part: [{ name: 'type', valueCode: type }, { name: 'path', valueString: path }, ...more],
    },
  ],
});

const CRITERIA = [
  'Patient?name=smith',
  '/Patient?name=smith',
  'http://x.example/fhir/Patient?name=smith',
  'Patient/?name=smith',
  'patient?name=smith',
  'Patient??name=smith',
];
const LITERAL = ['Patient/p1', 'http://x.example/fhir/Patient/p1', 'urn:uuid:x', '#p1'];

describe('assertLiteralReferences', () => {
  it.each([...CRITERIA, 'Patient?name', 'Patient?'])('refuses the reference %s', (text) => {
    expect(isTaken(referringTo(text), false)).toBe(false);
    expect(isTaken({ contained: [referringTo(text)] }, false)).toBe(false);
    expect(isTaken(referringTo([text]), false)).toBe(false);
    expect(isTaken(referringTo(text), true)).toBe(false);
  });

  it.each(LITERAL)('takes the reference %s', (text) => {
    expect(isTaken(referringTo(text), false)).toBe(true);
    expect(isTaken([{ op: 'add', path: '/subject/reference', value: text }], true)).toBe(true);
  });

  it.each(CRITERIA)('refuses %s anywhere in a patch, where it may become a reference', (text) => {
    expect(isTaken([{ op: 'add', path: '/x', value: { display: text } }], true)).toBe(false);
    expect(isTaken({ display: text }, true)).toBe(false);
    expect(isTaken({ resourceType: 'Parameters', parameter: [], x: text }, true)).toBe(false);
    expect(isTaken({ subject: { display: text } }, false)).toBe(true);
  });

  it.each(['Why? unclear', 'Why? n=3', 'Patient? nobody', 'http://x.example/find?id=1'])(
    'takes %s in a patch, but not as a reference',
    (value) => {
      expect(isTaken([{ op: 'add', path: '/x/display', value }], true)).toBe(true);
      expect(isTaken([{ op: 'add', path: '/x/reference', value }], true)).toBe(false);
      const added = { name: 'value', valueString: value };
      expect(isTaken(pathPatch('replace', 'Basic.subject.reference', added), true)).toBe(false);
      expect(isTaken(pathPatch('replace', 'Basic.subject.display', added), true)).toBe(true);
      const named = { name: 'name', valueString: 'reference' };
      expect(isTaken(pathPatch('add', 'Basic.subject', named, added), true)).toBe(false);
    },
  );

  it.each(['copy', 'move', 'COPY'])('refuses to make a reference by %s', (op) => {
    const from = '/subject/display';

    expect(isTaken([{ op, from, path: '/subject/reference' }], true)).toBe(false);
    expect(isTaken([{ op, from, path: '/subject/reference/0' }], true)).toBe(false);
    expect(isTaken([{ op, from, path: '/subject/reference', part: [] }], true)).toBe(false);
    expect(isTaken([{ op, from, path: '/code/text' }], true)).toBe(true);
    expect(isTaken(pathPatch(op, 'Basic.subject.reference'), true)).toBe(false);
    expect(isTaken(pathPatch(op, 'Basic.identifier'), true)).toBe(true);
  });
});
