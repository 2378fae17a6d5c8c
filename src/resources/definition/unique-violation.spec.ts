import { QueryFailedError } from 'typeorm';
import { Duplicate } from '../../errors/fhir-error.js';
import { reportDuplicates } from './unique-violation.js';

const UNIQUENESS = { user_email_uq: { expression: 'User.email', diagnostics: 'taken' } };

const failing = (code: string, constraint?: string) => () =>
  Promise.reject(
    new QueryFailedError('INSERT', [], Object.assign(new Error('x'), { code, constraint })),
  );

describe('reportDuplicates', () => {
  it('hands back what was written', async () => {
    await expect(reportDuplicates(UNIQUENESS, async () => 1)).resolves.toBe(1);
  });

  it('names the element whose uniqueness was violated', async () => {
    const write = reportDuplicates(UNIQUENESS, failing('23505', 'user_email_uq'));

    await expect(write).rejects.toThrow(Duplicate);
    await expect(write).rejects.toMatchObject({
      issues: [{ code: 'duplicate', diagnostics: 'taken', expression: 'User.email' }],
    });
  });

  it.each([
    ['another constraint', '23505', 'toString'],
    ['another failure', '23514', 'user_email_uq'],
    ['no constraint', '23505', undefined],
  ])('leaves %s alone', async (_what, code, constraint) => {
    const write = reportDuplicates(UNIQUENESS, failing(code, constraint));

    await expect(write).rejects.toThrow(QueryFailedError);
  });
});
