import { Column, Entity } from 'typeorm';
import { SystemResourceEntity } from '../system-resource.entity.js';

/** A current IdentityProvider; what must be unique is derived from the resource by the database. */
@Entity('identity_provider')
export class IdentityProviderEntity extends SystemResourceEntity {
  @Column({ type: 'text', nullable: true, insert: false, update: false })
  system!: string | null;

  @Column({ type: 'boolean', insert: false, update: false })
  active!: boolean;
}
