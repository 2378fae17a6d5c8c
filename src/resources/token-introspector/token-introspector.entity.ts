import { Column, Entity } from 'typeorm';
import { SystemResourceEntity } from '../system-resource.entity.js';

/** A current TokenIntrospector; its type is derived from the resource by the database. */
@Entity('token_introspector')
export class TokenIntrospectorEntity extends SystemResourceEntity {
  @Column({ type: 'text', insert: false, update: false })
  type!: string;
}
