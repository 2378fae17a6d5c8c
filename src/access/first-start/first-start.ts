import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { bodyOf } from '../../interactions/formats/json.js';
import type { Requester } from '../../interactions/resource-interactions.js';
import type { Transaction } from '../../interactions/storage/transaction.js';
import { UnitOfWork } from '../../interactions/storage/unit-of-work.js';
import { AccessPolicyService } from '../../resources/access-policy/access-policy.service.js';
import { ClientService } from '../../resources/client/client.service.js';
import { hashPassword } from '../../resources/user/password.js';
import { UserService } from '../../resources/user/user.service.js';
import { FirstStartSettings } from './first-start-settings.js';
import { writeSecretFile } from './secret-file.js';

/** A secret that this start made. */
export interface MadeSecret {
  /** To be shown to a person only. */
  readonly secret: string;
  /** Where it is kept. */
  readonly path: string;
}

/** The secrets that this start made; none when they were configured, or on any later start. */
export interface MadeSecrets {
  readonly rootClient?: MadeSecret;
  readonly admin?: MadeSecret;
}

const SERVER: Requester = {
  family: 'fhir',
  writer: { isAdministrator: true, isFirstStart: true },
};
const SECRET_BYTES = 24;

/** Makes the first administrators of a database that has none (spec §5). */
@Injectable()
export class FirstStart {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clients: ClientService,
    private readonly users: UserService,
    private readonly policies: AccessPolicyService,
    private readonly settings: FirstStartSettings,
  ) {}

  /**
   * Makes the root Client and the admin User, each with an `allow` policy linked to it, if no start
   * has done so before. Of instances that start together one does, the others wait for it.
   *
   * @throws InvalidResource when a configured secret is not acceptable, e.g. too short a password.
   */
  run(): Promise<MadeSecrets> {
    return this.unitOfWork.run(async (transaction) => {
      await transaction.manager.query(
        "SELECT pg_advisory_xact_lock(hashtextextended('first start', 0))",
      );
      const done: unknown[] = await transaction.manager.query('SELECT FROM first_start LIMIT 1');
      if (done.length > 0) return {};
      const rootClient = await this.makeRootClient(transaction);
      const admin = await this.makeAdmin(transaction);
      return { ...(rootClient ? { rootClient } : {}), ...(admin ? { admin } : {}) };
    });
  }

  private async makeRootClient(transaction: Transaction): Promise<MadeSecret | undefined> {
    const { rootClientId: id, rootClientSecret: configured } = this.settings;
    const made = configured === undefined ? await this.make('root-client-secret') : undefined;
    const secret = made?.secret ?? configured ?? '';
    const client = { id, secret, grant_types: ['basic'] };
    await this.clients.createIn(transaction, bodyOf(client), SERVER);
    await this.allow(transaction, 'root-client', 'Client', id);
    return made;
  }

  private async makeAdmin(transaction: Transaction): Promise<MadeSecret | undefined> {
    const { adminId: id, adminPassword: configured } = this.settings;
    const made = configured === undefined ? await this.make('admin-password') : undefined;
    // A random one is strong at any length that is asked of those that people choose.
    const password = made ? await hashPassword(made.secret) : (configured ?? '');
    await this.users.createIn(transaction, bodyOf({ id, userName: id, password }), SERVER);
    await this.allow(transaction, 'admin-user', 'User', id);
    return made;
  }

  private async allow(
    transaction: Transaction,
    policyId: string,
    type: 'Client' | 'User',
    id: string,
  ): Promise<void> {
    const policy = {
      id: policyId,
      engine: 'allow',
      link: [{ reference: `${type}/${id}` }],
      description: `Made at the first start: ${type}/${id} may do everything`,
    };
    await this.policies.createIn(transaction, bodyOf(policy), SERVER);
    await transaction.manager.query('INSERT INTO first_start (resource_type, id) VALUES ($1, $2)', [
      type,
      id,
    ]);
  }

  /** Kept before the database knows it: a secret that nobody can read any more would lock everybody out. */
  private async make(name: string): Promise<MadeSecret> {
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    return { secret, path: await writeSecretFile(this.settings.dataDir, name, secret) };
  }
}
