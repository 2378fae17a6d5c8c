import { CommandError } from '../command-line/command-error.js';
import { parseCommandLine } from './command-line.js';

describe('parseCommandLine', () => {
  it('takes names, and has a default for everything else', () => {
    expect(parseCommandLine(['test', 'a', 'b.yaml'])).toEqual({
      paths: ['a', 'b.yaml'],
      isStrict: false,
      format: 'text',
      output: undefined,
    });
  });

  it('takes options wherever they stand', () => {
    const words = ['--strict', 'test', '--format', 'junit', 'a', '--output=out.xml'];

    expect(parseCommandLine(words)).toEqual({
      paths: ['a'],
      isStrict: true,
      format: 'junit',
      output: 'out.xml',
    });
  });

  it('takes a name that looks like an option after two dashes', () => {
    expect(parseCommandLine(['test', '--', '--strict'])).toMatchObject({
      paths: ['--strict'],
      isStrict: false,
    });
  });

  it.each([['--help'], ['-h'], ['test', '--help']])('asks for help by %s %s', (...words) => {
    expect(parseCommandLine(words)).toBeUndefined();
  });

  it.each([
    [[]],
    [['run', 'a']],
    [['test']],
    [['test', '']],
    [['test', 'a', '--stric']],
    [['test', 'a', '--format', 'xml']],
    [['test', 'a', '--format']],
    [['test', 'a', '--output=']],
    [['test', 'a', '--strict=yes']],
  ])('refuses %j', (words) => {
    expect(() => parseCommandLine(words)).toThrow(CommandError);
  });
});
