import { FAILURES, failuresOf } from './described-failures.js';

describe('failuresOf', () => {
  it('gives a guarded route with a body what it shares, and what its decorators name', () => {
    const failures = failuresOf({ isGuarded: true, hasBody: true, described: ['201', '422'] });

    expect(Object.keys(failures)).toEqual(['400', '401', '403', '413', '415', '422', '429', '503']);
    expect(failures['422']).toEqual({ $ref: '#/components/responses/422' });
  });

  it('gives a public route none', () => {
    expect(failuresOf({ isGuarded: false, hasBody: false, described: ['200', '304'] })).toEqual({});
  });

  it('shows every failure as an OperationOutcome', () => {
    expect(FAILURES['403']).toMatchObject({
      content: {
        'application/fhir+json': {
          schema: { $ref: '#/components/schemas/OperationOutcome' },
          example: { issue: [{ code: 'forbidden' }] },
        },
      },
    });
  });
});
