import { Column, Entity } from 'typeorm';
import { SystemResourceEntity } from '../system-resource.entity.js';

/** A current Role; what is searched is derived from the resource by the database. */
@Entity('role')
export class RoleEntity extends SystemResourceEntity {
  @Column({ type: 'text', insert: false, update: false })
  name!: string;

  @Column({ name: 'user_id', type: 'text', insert: false, update: false })
  userId!: string;
}
