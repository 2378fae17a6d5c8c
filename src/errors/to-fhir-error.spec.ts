import { HttpException, NotFoundException } from '@nestjs/common';
import { BadRequest } from './fhir-error.js';
import { toFhirError } from './to-fhir-error.js';

const coded = (code: string, more: object = {}) =>
  Object.assign(new Error('driver says'), { code, ...more });

describe('toFhirError', () => {
  it('leaves a FhirError as it is', () => {
    const error = new BadRequest('no');

    expect(toFhirError(error)).toBe(error);
  });

  it.each([
    ['a route that does not exist', new NotFoundException(), 404],
    ['a unique violation', coded('23505'), 409],
    ['a failed check constraint', coded('23514'), 422],
    ['a value that PostgreSQL cannot hold', coded('22P05'), 422],
    ['a lost connection', coded('08006'), 503],
    ['a connection that is refused', coded('ECONNREFUSED', { syscall: 'connect' }), 503],
    [
      'a host of which no address can be connected to',
      new AggregateError([coded('ECONNREFUSED', { syscall: 'connect' })]),
      503,
    ],
    ['a server that became read-only', coded('25006'), 503],
    ['a connection that ended', new Error('Connection terminated unexpectedly'), 503],
    ['a deadlock', coded('40P01'), 503],
    ['a body over the limit', coded('FST_ERR_CTP_BODY_TOO_LARGE', { statusCode: 413 }), 413],
    ['a body that ended early', coded('ECONNRESET', { statusCode: 400 }), 400],
    ['a connection that the database reset', coded('ECONNRESET', { syscall: 'read' }), 503],
    ['a missing file, which is no outage', coded('ENOENT', { syscall: 'open' }), 500],
    ['anything else', new TypeError('x is not a function'), 500],
    ['what is not even an error', 'oops', 500],
  ])('answers %s with %i', (_name, error, status) => {
    expect(toFhirError(error).status).toBe(status);
  });

  it.each([
    [404, 'not-found'],
    [413, 'too-long'],
    [415, 'not-supported'],
    [400, 'invalid'],
  ])('says of a %i of the server that it is %s', (status, code) => {
    expect(toFhirError(new HttpException('no', status)).issues).toMatchObject([{ code }]);
    expect(toFhirError(coded('FST_ERR_X', { statusCode: status }))).toMatchObject({
      status,
      issues: [{ code }],
    });
  });

  it('tells nothing of an unforeseen cause', () => {
    const { issues } = toFhirError(new Error('password=hunter2'));

    expect(JSON.stringify(issues)).not.toContain('hunter2');
  });
});
