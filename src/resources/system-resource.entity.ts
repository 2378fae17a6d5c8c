import { Column, PrimaryColumn } from 'typeorm';

/** Columns that every table of a system resource has. Rows are written by the resource store. */
export abstract class SystemResourceEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column({ name: 'version_id', type: 'bigint' })
  versionId!: string;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'last_updated', type: 'timestamptz' })
  lastUpdated!: Date;

  /** As it may be shown, secrets masked. */
  @Column({ type: 'jsonb' })
  resource!: unknown;

  /** By JSON Pointer, sealed where an encryption secret is configured. */
  @Column({ type: 'jsonb' })
  secrets!: unknown;
}
