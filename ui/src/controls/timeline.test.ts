import { describe, expect, it } from 'vitest';
import { linkTo, markBeside, openedAt, readCourse } from './timeline';

describe('a link to a moment', () => {
  it('says when, and keeps what else is looked at', () => {
    expect(linkTo('http://localhost:8080/', 12_500_000)).toBe('http://localhost:8080/#t=12.5');
    expect(linkTo('http://localhost:8080/#t=3&tab=jobs', 61_000_000)).toBe('http://localhost:8080/#t=61&tab=jobs');
  });
  it('is read back', () => {
    expect(openedAt('#t=12.5&tab=jobs')).toBe(12_500_000);
    expect(openedAt('#t=0')).toBe(0);
    for (const hash of ['', '#tab=jobs', '#t=', '#t=-4', '#t=soon', '#t=Infinity']) expect(openedAt(hash)).toBeNull();
  });
});

describe('marks', () => {
  const marks = [{ t: 5, text: 'asked' }, { t: 9, text: 'offered' }];
  it('are passed one by one both ways', () => {
    expect(markBeside(marks, 0, 1)).toBe(5);
    expect(markBeside(marks, 5, 1)).toBe(9);
    expect(markBeside(marks, 9, -1)).toBe(5);
    expect(markBeside(marks, 5, -1)).toBeNull();
    expect(markBeside(marks, 9, 1)).toBeNull();
  });
});

describe('the course of a recording', () => {
  it('is believed only when it is whole', () => {
    const course = { bin_us: 5, packets: [1, 0], marks: [{ t: 3, text: 'asked' }] };
    expect(readCourse(course)).toEqual(course);
    for (const bad of [null, 3, {}, { ...course, bin_us: 0 }, { ...course, packets: ['1'] }, { ...course, marks: [{ t: 3 }] }]) expect(readCourse(bad)).toBeNull();
  });
});
