import { Column, Entity } from 'typeorm';
import { SystemResourceEntity } from '../system-resource.entity.js';

/** A current Client; whether it is active is derived from the resource by the database. */
@Entity('client')
export class ClientEntity extends SystemResourceEntity {
  @Column({ type: 'boolean', insert: false, update: false })
  active!: boolean;
}
