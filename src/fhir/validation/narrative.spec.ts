import { narrativeProblem } from './narrative.js';

const div = (content: string, attributes = '') =>
  `<div xmlns="http://www.w3.org/1999/xhtml"${attributes}>${content}</div>`;

describe('narrativeProblem', () => {
  it.each([
    ['text', div('a')],
    [
      'markup',
      div('<p class="x">a <b>b</b><br/></p><table><tr><td rowspan="2">c</td></tr></table>'),
    ],
    ['escapes', div('a &amp; b &nbsp; &#160; &#xA0;')],
    ['a comment', div('<!-- <script> --> a')],
    ['an image', div('<img src="data:image/png;base64,YQ==" alt="a"/>')],
    ['an image as HL7 writes it', div('<img src="data: image/png;base64,YQ==" alt="a"/>')],
    ['links', div('<a href="https://x.example/?a:b&amp;c">a</a><a href="#x">b</a><a name="x"/>')],
    ['a link to a resource', div('<a href="Patient/1">a</a><a href="urn:uuid:1">b</a>')],
    ['nested divs', div('<div>a</div>', ' lang="en" xml:lang="en"')],
    ['white space around it', ` ${div('a')}\n`],
    ['fifteen million characters', div('x'.repeat(15_000_000))],
  ])('accepts %s', (_what, text) => {
    expect(narrativeProblem(text)).toBeUndefined();
  });

  it.each([
    ['what is no string', 1, 'must be XHTML'],
    ['plain text', 'a', 'must be a div element'],
    ['another element', '<p>a</p>', 'single div'],
    ['a second element', `${div('a')}${div('b')}`, 'single div'],
    ['text behind it', `${div('a')}b`, 'nothing around it'],
    ['no namespace', '<div>a</div>', 'namespace'],
    ['another namespace', '<div xmlns="urn:x">a</div>', 'namespace'],
    ['nothing to show', div(' <p/> '), 'txt-2'],
    ['a script', div('<script>a</script>'), 'element script'],
    ['a form', div('<form>a</form>'), 'element form'],
    ['a frame', div('<iframe src="https://x.example">a</iframe>'), 'element iframe'],
    ['an event handler', div('<p onclick="x()">a</p>'), 'attribute onclick'],
    ['an event handler of the root', div('a', ' onload="x()"'), 'attribute onload'],
    ['a link to a script', div('<a href="javascript:x()">a</a>'), 'this href'],
    ['one in capitals', div('<a href="JavaScript:x()">a</a>'), 'this href'],
    ['one behind white space', div('<a href=" javascript:x()">a</a>'), 'this href'],
    ['one with an escape', div('<a href="java&#115;cript:x()">a</a>'), 'this href'],
    ['one with an escaped colon', div('<a href="javascript&#58;x()">a</a>'), 'this href'],
    ['data that is no image', div('<a href="data:text/html,x">a</a>'), 'this href'],
    ['one behind a space', div('<img src="data: text/html;base64,YQ=="/>'), 'this src'],
    ['an image that is text', div('<img src="data:text/html;base64,YQ=="/>'), 'this src'],
    ['an element that is not closed', '<div xmlns="http://www.w3.org/1999/xhtml">a', 'not closed'],
    ['elements that cross', div('<b><i>a</b></i>'), '</b> closes nothing'],
    ['a stray sign', div('a & b'), 'stray &'],
    ['a stray bracket', div('a < b'), 'well-formed'],
    ['a declaration', '<!DOCTYPE div><div/>', 'well-formed'],
    ['an instruction', '<?xml version="1.0"?><div/>', 'well-formed'],
    ['an attribute without quotes', div('<p class=x>a</p>'), 'well-formed'],
    ['a comment without an end', div('<!-- a'), 'well-formed'],
    ['a comment that HTML ends at once', div('<!--><b>-->a'), 'well-formed'],
    ['a comment that HTML ends after a dash', div('<!---><b>-->a'), 'well-formed'],
    ['a comment that HTML ends within', div('<!-- a --!><b>-->a'), 'well-formed'],
    ['a comment with a dash at its end', div('<!-- a --->a'), 'well-formed'],
    ['more tags than anybody reads', div('<b>a</b>'.repeat(100_001)), 'more than 200000 tags'],
    ['an endless attribute', div(`<p class="${'x'.repeat(2_000_000)}">a</p>`), 'well-formed'],
  ])('refuses %s', (_what, text, rule) => {
    expect(narrativeProblem(text)).toContain(rule);
  });
});
