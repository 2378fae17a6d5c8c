import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Knows the Clients that were made at first start; later starts make none, so they are read once. */
@Injectable()
export class FirstStartClients {
  private ids: Promise<ReadonlySet<string>> | undefined;

  constructor(private readonly dataSource: DataSource) {}

  /** Whether the Client was made at first start, or bears the id of one that was. */
  async has(id: string): Promise<boolean> {
    this.ids ??= this.load();
    return (await this.ids).has(id);
  }

  private async load(): Promise<ReadonlySet<string>> {
    try {
      const rows: { id: string }[] = await this.dataSource.query(
        "SELECT id FROM first_start WHERE resource_type = 'Client'",
      );
      return new Set(rows.map(({ id }) => id));
    } catch (error) {
      this.ids = undefined;
      throw error;
    }
  }
}
