import { PinoLogger } from './pino-logger.js';

/** Buffers records until a flush that it was asked for is let end. */
class SlowDestination {
  readonly records: string[] = [];
  readonly flushes: (() => void)[] = [];

  write(record: string): void {
    this.records.push(record);
  }

  flush(done: () => void): void {
    this.flushes.push(done);
  }
}

describe('PinoLogger', () => {
  it('flushes for warnings, once at a time, and once more for those that came meanwhile', () => {
    const destination = new SlowDestination();
    const logger = new PinoLogger('info', destination);

    for (let count = 0; count < 100; count += 1) logger.warn('slow', 'Test');
    expect(destination.records).toHaveLength(100);
    expect(destination.flushes).toHaveLength(1);

    destination.flushes[0]?.();
    expect(destination.flushes).toHaveLength(2);
    destination.flushes[1]?.();
    expect(destination.flushes).toHaveLength(2);
    logger.error('down', 'Test');
    expect(destination.flushes).toHaveLength(3);
  });

  it('leaves other records to the buffer', () => {
    const destination = new SlowDestination();
    new PinoLogger('info', destination).log('fine', 'Test');

    expect(destination.records).toHaveLength(1);
    expect(destination.flushes).toHaveLength(0);
  });
});
