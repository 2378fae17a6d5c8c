import { Column, Entity } from 'typeorm';
import { SystemResourceEntity } from '../system-resource.entity.js';

/** A current User; what must be unique or is searched is derived from the resource by the database. */
@Entity('user')
export class UserEntity extends SystemResourceEntity {
  @Column({ name: 'user_name', type: 'text', nullable: true, insert: false, update: false })
  userName!: string | null;

  @Column({ type: 'text', nullable: true, insert: false, update: false })
  email!: string | null;

  @Column({ type: 'boolean', insert: false, update: false })
  inactive!: boolean;
}
