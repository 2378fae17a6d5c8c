import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';

/**
 * Where every folder registers what it counts, one registry per application: several instances in one
 * process, as in tests, do not add up.
 *
 * Names begin with `wardgate_` and end with their unit (Prometheus naming). Labels take values from small
 * fixed sets or from resources that administrators wrote, never from a request.
 */
@Injectable()
export class MetricsRegistry extends Registry {}
