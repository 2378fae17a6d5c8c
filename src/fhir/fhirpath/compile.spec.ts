import type { JsonObject } from '../../interactions/formats/json.js';
import { R4Definitions } from '../definitions/r4-definitions.js';
import { Shapes } from '../validation/shapes.js';
import { compileExpression } from './compile.js';
import { InvalidExpression, TooCostly, Undecided } from './fhirpath-error.js';
import { scalarOf } from './item.js';
import { Budget, resourceNode } from './scope.js';

const shapes = new Shapes(new R4Definitions());

const PATIENT: JsonObject = {
  resourceType: 'Patient',
  id: 'p',
  active: true,
  birthDate: '1990-05',
  _birthDate: { extension: [{ url: 'urn:x', valueString: 'about' }] },
  _gender: { extension: [{ url: 'urn:y', valueCode: 'c' }] },
  deceasedDateTime: '2020-01-01T00:00:00+02:00',
  name: [
    { family: 'A', given: ['x', 'y'], use: 'official' },
    { family: 'B', given: ['x'], period: { start: '2020', end: '2021-03' } },
  ],
  contained: [{ resourceType: 'Organization', id: 'o', name: 'O' }],
  managingOrganization: { reference: '#o' },
};

function evaluate(expression: string, resource = PATIENT, steps = 10_000) {
  const shapeOf = (type: string) => shapes.find(type);
  const node = resourceNode(resource, { shapeOf });
  const collection = compileExpression(expression)([node], {
    self: [node],
    context: node,
    resource: node,
    rootResource: node,
    budget: new Budget(steps, steps),
    shapeOf,
  });
  return collection.map((item) => scalarOf(item) ?? '…');
}

describe('compileExpression', () => {
  it.each<[string, unknown[]]>([
    ['name.family', ['A', 'B']],
    ['Patient.name.given', ['x', 'y', 'x']],
    ['name[1].family', ['B']],
    ["name.where(use = 'official').family", ['A']],
    ['name.given.distinct()', ['x', 'y']],
    ['name.given.isDistinct()', [false]],
    ["name.select(family & '-' & given.first())", ['A-x', 'B-x']],
    ['name.all(given.exists())', [true]],
    ["name.exists(use = 'usual')", [false]],
    ['name.first().given.count()', [2]],
    ['name.tail().family | name.family', ['B', 'A']],
    ['name.given.intersect(name[1].given)', ['x']],
    ['name.given.exclude(name[1].given)', ['y']],
    ['name[1].given.combine(name[0].given)', ['x', 'x', 'y']],
    ['name.skip(1).family', ['B']],
    ['name.take(1).family', ['A']],
    ['deceased', ['2020-01-01T00:00:00+02:00']],
    ['deceased is dateTime', [true]],
    ['deceased is Boolean', [false]],
    ['deceased.ofType(boolean)', []],
    ['(deceased as dateTime).exists()', [true]],
    ['contained.is(Organization)', [true]],
    ['contained.ofType(DomainResource).name', ['O']],
    ['managingOrganization.resolve().name', ['O']],
    ['%resource.contained.id', ['o']],
    ['active.is(boolean) and true.is(Boolean)', [true]],
    ['gender.exists()', [true]],
    ['gender.hasValue()', [false]],
    ['gender.extension.value', ['c']],
    ["birthDate.extension('urn:x').value", ['about']],
    ["birthDate.extension('urn:z').exists()", [false]],
    ['descendants().given.count()', [3]],
    ['children().exists()', [true]],
    ['name[0].children().count()', [4]],
    ['{} and false', [false]],
    ['{} or true', [true]],
    ['{} and true', []],
    ['{} or false', []],
    ['false implies {}', [true]],
    ['true implies {}', []],
    ['{} implies true', [true]],
    ['true xor false', [true]],
    ['true xor {}', []],
    ['{}.not()', []],
    ['{} = 1', []],
    ['{} ~ {}', [true]],
    ['1 != 2', [true]],
    ['(1 | 2) = (1 | 2)', [true]],
    ['(1 | 2) = (2 | 1)', [false]],
    ['2 in (1 | 2)', [true]],
    ['(1 | 2) contains 3', [false]],
    ['{} in (1 | 2)', []],
    ['1 + 2 * 3', [7]],
    ['(1 + 2) * 3', [9]],
    ['7 div 2 + 7 mod 2', [4]],
    ['1 / 0', []],
    ['-1 < 1', [true]],
    ["'a' + 'b'", ['ab']],
    ["{} & 'b'", ['b']],
    ["'a' < 'b'", [true]],
    ["1 < 'b'", []],
    ["'it\\'s\\u0041'", ["it'sA"]],
    ['name[1].period.start <= name[1].period.end', [true]],
    ['birthDate < @1990', []],
    ['birthDate < @1991', [true]],
    ['birthDate >= @1990-06-01', [false]],
    ['birthDate.lowBoundary() < @1990-05-02', [true]],
    ['@2020-01-01T00:00:00Z > @2020-01-01T01:00:00+02:00', [true]],
    ["'abc'.startsWith('ab') and 'abc'.endsWith('c') and 'abc'.contains('b')", [true]],
    ["'Abc'.matches('[A-Z]([a-z]){0,3}')", [true]],
    ["'Abc1'.matches('[A-Z]([a-z]){0,3}')", [false]],
    ["'abc'.substring(1)", ['bc']],
    ["'abc'.substring(1, 1)", ['b']],
    ["'abc'.substring(3)", []],
    ["'a.b.c'.replaceMatches('\\\\..*', '')", ['a']],
    ["'abc'.replace('b', 'x').upper()", ['AXC']],
    ["'12'.toInteger() + 1", [13]],
    ["'x'.toInteger()", []],
    ['1.5.toString()', ['1.5']],
    ['iif(active, 1, 2)', [1]],
    ['iif({}, 1, 2)', [2]],
    ['(true | false).allTrue()', [false]],
    ["name.use.select($this = 'official')", [true]],
    ["name.trace('n').count()", [2]],
    ['`name`.count() // how many', [2]],
    ['%ucum', ['http://unitsofmeasure.org']],
    ['toString', []],
    ['constructor.exists()', [false]],
  ])('evaluates %s', (expression, expected) => {
    expect(evaluate(expression)).toEqual(expected);
  });

  it.each([
    'name.',
    'name)',
    '(name',
    'name name',
    "'open",
    '#',
    '',
    "name.memberOf('x')",
    'name.toString(1, 2)',
    '%vs',
    'name.ofType(1)',
    `${'('.repeat(200)}1${')'.repeat(200)}`,
    '1 + '.repeat(2_000),
    "'a'.matches('(?=x)')",
  ])('refuses %s', (expression) => {
    expect(() => evaluate(expression)).toThrow(InvalidExpression);
  });

  it.each(['name.family and true', '(1 | 2) < 3', '(1 | 2) in (1 | 2)', 'name is HumanName'])(
    'does not decide %s, which asks one question of several values',
    (expression) => {
      expect(() => evaluate(expression)).toThrow(Undecided);
    },
  );

  it('compares quantities of one unit only', () => {
    const rangeOf = (low: string, high: string): JsonObject => ({
      resourceType: 'Observation',
      valueRange: { low: { value: 1, unit: low }, high: { value: 2, unit: high } },
    });

    expect(evaluate('value.low <= value.high', rangeOf('g', 'g'))).toEqual([true]);
    expect(evaluate('value.low <= value.high', rangeOf('g', 'mg'))).toEqual([]);
  });

  it.each([
    ["name.text.matches('[A-Z]([A-Za-z0-9_]){0,254}')", 2_000, 10],
    ["name.text.replaceMatches('a(b*c)?', '')", 500, 5],
    ["name.text.contains(name.text.substring(1) & 'b')", 5_000, 10],
    ["name.text.replace(name.text.substring(1), '')", 5_000, 10],
    ['name.text.upper()', 10_100_000, 10],
    ["(name.text | 'b').distinct()", 5_100_000, 10],
    ['name.text & name.text', 5_100_000, 10],
  ])('ends %s where the text is long', (expression, long, short) => {
    const resource = (length: number): JsonObject => ({
      resourceType: 'Patient',
      name: [{ text: 'a'.repeat(length) }],
    });

    expect(() => evaluate(expression, resource(long))).toThrow(TooCostly);
    expect(evaluate(expression, resource(short))).not.toEqual([]);
  });

  it('puts together no endless text', () => {
    const doubled = (times: number) => `'0123456789'${'.select($this & $this)'.repeat(times)}`;
    const added = (times: number) => `'0123456789'${'.select($this + $this)'.repeat(times)}`;

    for (const text of [doubled, added]) {
      expect(() => evaluate(text(30))).toThrow(TooCostly);
      expect(evaluate(text(2))).toEqual(['0123456789'.repeat(4)]);
    }
  });

  it.each([
    ['that is long', `name.text.matches('${'a'.repeat(1_001)}')`],
    ['that is long once its parts are repeated', "name.text.matches('(a?b?c?d?){1000}')"],
  ])('refuses a regular expression %s', (_what, expression) => {
    const patient = { resourceType: 'Patient', name: [{ text: 'a' }] };

    expect(() => evaluate(expression, patient, 500_000)).toThrow(InvalidExpression);
    expect(evaluate("name.text.matches('(a?b?c?d?){100}')", patient)).toEqual([true]);
  });

  it('ends where an evaluation takes too long', () => {
    const name = Array.from({ length: 1_000 }, (_, at) => ({ text: `${at}` }));
    const patient = { resourceType: 'Patient', name };

    expect(() => evaluate("name.all(%resource.name.exists(text = 'x').not())", patient)).toThrow(
      Undecided,
    );
    expect(evaluate('name.all(text.exists())', patient)).toEqual([true]);
  });
});
