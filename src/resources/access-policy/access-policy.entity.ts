import { Column, Entity } from 'typeorm';
import { SystemResourceEntity } from '../system-resource.entity.js';

/** A current AccessPolicy; the engine is derived from the resource by the database. */
@Entity('access_policy')
export class AccessPolicyEntity extends SystemResourceEntity {
  @Column({ type: 'text', insert: false, update: false })
  engine!: string;
}
