import { expect, test } from 'vitest'
import { createDemultiplexer } from '../../../electron/adapters/docker/demultiplex.ts'

const sent = Buffer.concat([
  frame(1, 'first answer, '),
  frame(2, 'a complaint'),
  frame(1, ''),
  frame(1, 'x'.repeat(70_000)),
  frame(3, ' and one of the engine'),
])

test.each([1, 3, 8, 9, 11, 4096, sent.length])('puts outputs together from chunks of %i bytes', size => {
  const outputs = { stdout: '', stderr: '' }
  const demultiplex = createDemultiplexer((channel, bytes) => {
    outputs[channel] += bytes.toString()
  })
  for (let at = 0; at < sent.length; at += size) demultiplex(sent.subarray(at, at + size))
  expect(outputs).toEqual({
    stdout: `first answer, ${'x'.repeat(70_000)}`,
    stderr: 'a complaint and one of the engine',
  })
})

test('hands on what is there of a frame at once and without a copy', () => {
  const chunk = frame(1, 'half of it').subarray(0, 12)
  const parts: Buffer[] = []
  createDemultiplexer((_, bytes) => parts.push(bytes))(chunk)
  expect(String(parts)).toBe('half')
  expect(parts[0]?.buffer).toBe(chunk.buffer)
})

test('refuses what is no frame, as a terminal would send it', () => {
  const demultiplex = createDemultiplexer(() => undefined)
  expect(() => demultiplex(Buffer.from('Password: '))).toThrow('something else than the frames')
})

function frame(kind: number, text: string): Buffer {
  const header = Buffer.from([kind, 0, 0, 0, 0, 0, 0, 0])
  header.writeUInt32BE(Buffer.byteLength(text), 4)
  return Buffer.concat([header, Buffer.from(text)])
}
