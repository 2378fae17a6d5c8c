import { issuerDifference } from './issuer-difference.js';

const ISS = 'https://auth.example.com';

describe('how an issuer differs from the one that is expected', () => {
  it.each([
    [ISS, `${ISS}/`, 'the slash at the end'],
    [`${ISS}/`, ISS, 'the slash at the end'],
    [ISS, ISS.toUpperCase(), 'upper and lower case'],
    [ISS, ` ${ISS}`, 'a space'],
    [`${ISS} `, ISS, 'a space'],
    [ISS, ISS.replace('https', 'http'), 'http and https'],
    [ISS, 'https://other.example.com', 'the host'],
    [ISS, `${ISS}:8443`, 'the port'],
    [ISS, `${ISS}/realm`, 'the path'],
    [ISS, 'http://other.example.com/realm', 'http and https, the host, the path'],
    [ISS, `${ISS}:443`, 'their spelling'],
  ])('is said of %j and %j', (expected, actual, words) => {
    expect(issuerDifference(expected, actual).message).toBe(
      `"${expected}" is expected, "${actual}" is there: they differ by ${words}`,
    );
  });

  it('is not said where there is none, or what is no URL', () => {
    const { message, fix } = issuerDifference(ISS, undefined);

    expect(message).toBe(`"${ISS}" is expected, and there is none`);
    expect(fix).toContain('jwt.iss');
    expect(issuerDifference(ISS, 'x').message).toBe(`"${ISS}" is expected, "x" is there`);
    expect(issuerDifference('x', ISS).message).toBe(`"x" is expected, "${ISS}" is there`);
  });
});
