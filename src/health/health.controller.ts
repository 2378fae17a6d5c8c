import { Controller, Get, Optional } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { Public } from '../access/public.decorator.js';
import type { Answer } from '../interactions/http/answer.js';
import { ChangeFeed } from '../interactions/changes/change-feed.js';
import { ReadinessCheck } from './readiness-check.js';

/** Whether this instance runs, and whether it can serve; for orchestrators and load balancers. */
@ApiTags('Health')
@Controller('health')
export class HealthController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly feed: ChangeFeed,
    @Optional() private readonly other?: ReadinessCheck,
  ) {}

  @Get('live')
  @Public('Orchestrators probe it without credentials; it tells only that the process answers')
  @ApiOperation({ summary: 'Whether the process runs' })
  live(): Answer {
    return healthy('pass');
  }

  /** 503 while the database or an upstream does not answer or the configuration cannot be confirmed. */
  @Get('ready')
  @Public('Load balancers probe it without credentials; it tells only whether requests are served')
  @ApiOperation({ summary: 'Whether requests can be served' })
  async ready(): Promise<Answer> {
    this.feed.confirmFresh();
    await this.dataSource.query('SELECT 1');
    await this.other?.confirm();
    return healthy('pass');
  }
}

function healthy(status: string): Answer {
  return { status: 200, headers: {}, text: JSON.stringify({ status }) };
}
