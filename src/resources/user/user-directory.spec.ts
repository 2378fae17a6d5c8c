import type { DataSource } from 'typeorm';
import { ChangeFeed } from '../../interactions/changes/change-feed.js';
import { UserDirectory } from './user-directory.js';

/** Answers the directory's statements from two lists, and when told to. */
class StoredRows {
  readonly users = new Map<string, Record<string, unknown>>();
  readonly roles = new Map<string, { id: string; user: string }>();
  loads = 0;
  private held: (() => void)[] | undefined;

  readonly dataSource = {
    query: async (sql: string, values: string[]) => this.answer(sql, values),
  } as unknown as DataSource;

  hold(): void {
    this.held = [];
  }

  release(): void {
    for (const resume of this.held ?? []) resume();
    this.held = undefined;
  }

  private async answer(sql: string, values: readonly (string | string[])[]): Promise<unknown[]> {
    if (sql.startsWith('SELECT DISTINCT user_id')) {
      return [...this.roles.values()]
        .filter(({ id }) => values[0]?.includes(id))
        .map(({ user }) => ({ user_id: user }));
    }
    this.loads += 1;
    // What a statement sees is settled when it begins, not when its answer arrives.
    const rows = this.rowsOf(sql, values as readonly string[]);
    if (this.held) await new Promise<void>((resolve) => this.held?.push(resolve));
    return rows;
  }

  private rowsOf(sql: string, [first = '', value]: readonly string[]): unknown[] {
    const wanted = sql.includes('user_identifier i WHERE')
      ? [...this.users.values()].find((user) =>
          JSON.stringify(user).includes(JSON.stringify({ system: first, value })),
        )
      : this.users.get(first);
    if (!wanted) return [];
    const roles = [...this.roles.values()].filter(({ user }) => user === wanted['id']);
    return [{ resource: { ...wanted }, roles, is_first_start: false }];
  }
}

describe('UserDirectory', () => {
  let rows: StoredRows;
  let directory: UserDirectory;

  beforeEach(() => {
    rows = new StoredRows();
    directory = new UserDirectory(rows.dataSource, new ChangeFeed(rows.dataSource));
    rows.users.set('u1', { id: 'u1', identifier: [{ system: 'kc', value: 's' }] });
  });

  const changed = (type: string, id: string) => directory.onChanges([{ type, id }]);

  it('loads a User with its Roles once', async () => {
    rows.roles.set('r1', { id: 'r1', user: 'u1' });

    const first = await directory.byId('u1');
    const second = await directory.byId('u1');

    expect(first).toMatchObject({ id: 'u1', roles: [{ id: 'r1' }] });
    expect(second).toBe(first);
    expect(rows.loads).toBe(1);
  });

  it('shows policies neither password nor TOTP key, but tells that there is a password', async () => {
    rows.users.set('u2', { id: 'u2', _password: { extension: [] }, twoFactor: { enabled: true } });

    await expect(directory.byId('u2')).resolves.toMatchObject({
      hasPassword: true,
      user: { id: 'u2' },
    });
    expect((await directory.byId('u2'))?.user).toEqual({ id: 'u2' });
    expect((await directory.byId('u1'))?.hasPassword).toBe(false);
  });

  it('remembers by which identifier a User was found, as long as it carries it', async () => {
    await directory.byIdentifier('kc', 's');
    await directory.byIdentifier('kc', 's');
    expect(rows.loads).toBe(1);

    rows.users.set('u1', { id: 'u1' });
    await changed('User', 'u1');
    await directory.byId('u1');

    await expect(directory.byIdentifier('kc', 's')).resolves.toBeUndefined();
  });

  it('follows an identifier that moved to another User', async () => {
    await directory.byIdentifier('kc', 's');
    rows.users.set('u1', { id: 'u1' });
    rows.users.set('u2', { id: 'u2', identifier: [{ system: 'kc', value: 's' }] });
    await directory.onChanges([
      { type: 'User', id: 'u1' },
      { type: 'User', id: 'u2' },
    ]);

    await expect(directory.byIdentifier('kc', 's')).resolves.toMatchObject({ id: 'u2' });
  });

  it('remembers that there is no such User, until any User changes', async () => {
    await directory.byId('u9');
    await directory.byId('u9');
    expect(rows.loads).toBe(1);

    rows.users.set('u9', { id: 'u9' });
    await changed('User', 'u5');

    await expect(directory.byId('u9')).resolves.toMatchObject({ id: 'u9' });
  });

  it('forgets a User that changed, and no other', async () => {
    rows.users.set('u2', { id: 'u2' });
    await directory.byId('u1');
    await directory.byId('u2');
    rows.users.set('u1', { id: 'u1', inactive: true });

    await changed('User', 'u1');

    await expect(directory.byId('u1')).resolves.toMatchObject({ inactive: true });
    await directory.byId('u2');
    expect(rows.loads).toBe(3);
  });

  it('notices a Role that was given', async () => {
    await directory.byId('u1');
    rows.roles.set('r1', { id: 'r1', user: 'u1' });

    await changed('Role', 'r1');

    await expect(directory.byId('u1')).resolves.toMatchObject({ roles: [{ id: 'r1' }] });
  });

  it('notices a Role that was taken away, or passed to another User', async () => {
    rows.users.set('u2', { id: 'u2' });
    rows.roles.set('r1', { id: 'r1', user: 'u1' });
    await directory.byId('u1');
    await directory.byId('u2');
    rows.roles.set('r1', { id: 'r1', user: 'u2' });
    await changed('Role', 'r1');

    await expect(directory.byId('u1')).resolves.toMatchObject({ roles: [] });
    await expect(directory.byId('u2')).resolves.toMatchObject({ roles: [{ id: 'r1' }] });

    rows.roles.delete('r1');
    await changed('Role', 'r1');
    await expect(directory.byId('u2')).resolves.toMatchObject({ roles: [] });
  });

  it('takes no notice of other types', async () => {
    await directory.byId('u1');
    await changed('Client', 'u1');
    await directory.byId('u1');

    expect(rows.loads).toBe(1);
  });

  it('loads once for requests that come together', async () => {
    rows.hold();
    const both = [directory.byId('u1'), directory.byId('u1')];
    await Promise.resolve();
    rows.release();
    await Promise.all(both);

    expect(rows.loads).toBe(1);
  });

  it('neither keeps nor shares what began to load before a change', async () => {
    rows.hold();
    const before = directory.byId('u1');
    await Promise.resolve();
    rows.users.set('u1', { id: 'u1', inactive: true });
    await changed('User', 'u1');
    const after = directory.byId('u1');
    await Promise.resolve();
    rows.release();

    await expect(before).resolves.toMatchObject({ inactive: false });
    await expect(after).resolves.toMatchObject({ inactive: true });
    await expect(directory.byId('u1')).resolves.toMatchObject({ inactive: true });
  });

  it('reads everything again after a reset', async () => {
    await directory.byId('u1');
    await directory.byId('u9');
    rows.users.set('u1', { id: 'u1', inactive: true });
    rows.users.set('u9', { id: 'u9' });

    await directory.onReset();

    await expect(directory.byId('u1')).resolves.toMatchObject({ inactive: true });
    await expect(directory.byId('u9')).resolves.toMatchObject({ id: 'u9' });
  });

  it('goes past the cache when asked to', async () => {
    await directory.byId('u1');
    await directory.byIdentifier('kc', 'new');
    rows.users.set('u1', { id: 'u1', identifier: [{ system: 'kc', value: 'new' }] });

    await expect(directory.freshById('u1')).resolves.toMatchObject({
      identifiers: [{ value: 'new' }],
    });
    await expect(directory.freshByIdentifier('kc', 'new')).resolves.toMatchObject({ id: 'u1' });
  });

  it.each([
    ['an id that can be none', () => directory.byId('a/b')],
    ['NUL in an identifier', () => directory.byIdentifier('kc', 'a\0')],
    ['a lone surrogate in an identifier', () => directory.byIdentifier('kc', '\ud800')],
    ['an e-mail beyond ASCII', () => directory.freshByEmail('ａ@b')],
  ])('does not ask the database for %s', async (_what, find) => {
    await expect(find()).resolves.toBeUndefined();
    expect(rows.loads).toBe(0);
  });
});
