import { expect } from 'chai';
import fc from 'fast-check';
import { Fault } from '../../../models/kernel/fault.ts';
import { readForm } from '../../../server/pages/read-form.ts';

const TYPE = 'multipart/form-data; boundary=x';
const part = (name: string, value: string, more = '') =>
  `--x\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
const whole =
  part('a', '一\r\n--二') +
  part('files.p', '\u0001', '; filename="p.png"') +
  part('files.q', '', '; filename=""') +
  '--x--\r\n';
const read = (text: string | Buffer, type = TYPE) => readForm(type, Buffer.from(text));
const refused = (text: string | Buffer, type = TYPE) => {
  try {
    read(text, type);
  } catch (error) {
    return error instanceof Fault ? error.code : String(error);
  }
  return 'taken';
};

describe('a form that a browser sends', () => {
  it('is read whole: values, chosen files, and nothing where no file was chosen', () => {
    const { values, files } = read(whole);
    expect(values).to.deep.equal({ a: '一\r\n--二' });
    expect(files).to.deep.equal({ 'files.p': { name: 'p.png', bytes: Buffer.from('\u0001') } });
    expect(read('a=%E4%B8%80&b=', 'application/x-www-form-urlencoded').values).to.deep.equal({ a: '一', b: '' });
  });

  it('is refused when a name stands twice, an end is missing, something follows it, or it is no text', () => {
    const faulty = [
      ...[`${part('a', '1') + part('a', '2')}--x--`, part('a', '1'), `${whole}more`, `y${whole}`, ''],
      ...[whole.replace('form-data; name', 'attachment; name'), `${part('a"b', '1')}--x--`],
    ];
    for (const text of faulty) expect(refused(text), text).to.equal('REQUEST_MALFORMED');
    expect(refused(Buffer.from(`${part('a', '\u00ff')}--x--`, 'latin1'))).to.equal('REQUEST_MALFORMED');
    expect(refused('a=1&a=2', 'application/x-www-form-urlencoded')).to.equal('REQUEST_MALFORMED');
    expect(refused(whole, 'text/plain')).to.equal('REQUEST_MALFORMED');
  });

  it('ends in values or in a refusal, whatever is cut out of it or put in', () => {
    fc.assert(
      fc.property(fc.nat({ max: whole.length }), fc.nat({ max: 9 }), fc.string({ maxLength: 9 }), (at, cut, put) =>
        ['taken', 'REQUEST_MALFORMED'].includes(refused(whole.slice(0, at) + put + whole.slice(at + cut))),
      ),
      { numRuns: 500 },
    );
  });
});
