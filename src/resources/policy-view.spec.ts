import { policyView } from './policy-view.js';

describe('policyView', () => {
  const rules = {
    references: ['user', 'links.patient', 'link[].link', 'scopes[]'],
    hidden: ['password'],
  };

  it('hides what policies must not see, the masked form included', () => {
    const view = policyView({ id: 'u', password: 'x', _password: { extension: [] }, a: 1 }, rules);

    expect(view).toEqual({ id: 'u', a: 1 });
  });

  it('offers references in both forms, from one parsed form', () => {
    const view = policyView(
      {
        id: 'r',
        user: { reference: 'User/u1', display: 'Ada' },
        links: { patient: { reference: 'Patient/p1' } },
        link: [{ link: { reference: 'Device/d1' } }],
        scopes: [{ reference: 'Scope/s1' }, 'text'],
      },
      rules,
    );

    expect(view).toEqual({
      id: 'r',
      user: { reference: 'User/u1', resourceType: 'User', id: 'u1', display: 'Ada' },
      links: { patient: { reference: 'Patient/p1', resourceType: 'Patient', id: 'p1' } },
      link: [{ link: { reference: 'Device/d1', resourceType: 'Device', id: 'd1' } }],
      scopes: [{ reference: 'Scope/s1', resourceType: 'Scope', id: 's1' }, 'text'],
    });
  });

  it('leaves open elements and absolute references as they are', () => {
    const view = policyView(
      {
        id: 'r',
        context: { user: { reference: 'User/u1' } },
        user: { reference: 'http://x/User/1' },
      },
      rules,
    );

    expect(view).toEqual({
      id: 'r',
      context: { user: { reference: 'User/u1' } },
      user: { reference: 'http://x/User/1' },
    });
  });

  it('drops empty values and is frozen throughout', () => {
    const view = policyView({ id: 'u', data: { a: [], b: '', c: [{ d: 1 }] } }, rules);

    expect(view).toEqual({ id: 'u', data: { c: [{ d: 1 }] } });
    expect(() => {
      Object.assign((view['data'] as { c: object[] }).c, { 0: {} });
    }).toThrow(TypeError);
  });
});
