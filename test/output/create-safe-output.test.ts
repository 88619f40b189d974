import { describe, expect, it } from 'vitest'
import { describeLoss } from '../../electron/host/output/safe-output.ts'
import { createSafeOutput } from '../../electron/output/create-safe-output.ts'

const pipe = { isTTY: false, columns: 80, rows: 24 }

function refuse(code: string): never {
  throw Object.assign(new Error(code), { code })
}

/** A descriptor that takes as many bytes as it is told to, or fails as it is told to. */
function openDescriptor(answers: (number | string)[]) {
  let taken = ''
  const output = createSafeOutput(pipe, bytes => {
    const answer = answers.shift() ?? bytes.length
    if (typeof answer === 'string') return refuse(answer)
    taken += Buffer.from(bytes).toString('utf8', 0, answer)
    return Math.min(answer, bytes.length)
  })
  return { output, taken: () => taken }
}

describe('a safe output', () => {
  it.each(['EPIPE', 'ENOSPC', 'EIO', 'EBADF', 'EFBIG'])(
    'that fails with %s is dropped, and says so once',
    async code => {
      const { output, taken } = openDescriptor([5, code])
      const told: string[] = []
      output.onLost(one => told.push(one))
      output.write('first')
      output.write('second')
      output.write('third')
      expect({ lostBy: output.lostBy, told, taken: taken() }).toEqual({
        lostBy: code,
        told: [code],
        taken: 'first',
      })
      output.onLost(one => told.push(`late ${one}`))
      expect(told).toEqual([code, `late ${code}`])
      await output.drained()
    },
  )

  it('writes what was taken in part to its end', () => {
    const { output, taken } = openDescriptor([3, 2])
    output.write('a longer line\n')
    expect(taken()).toBe('a longer line\n')
  })

  it('loses the rest when a disk is full in the middle of a line', () => {
    const { output, taken } = openDescriptor([3, 'ENOSPC'])
    output.write('a longer line\n')
    expect([taken(), output.lostBy]).toEqual(['a l', 'ENOSPC'])
  })

  it('waits for a reader that does not read, without keeping anybody else from working', async () => {
    const { output, taken } = openDescriptor(['EAGAIN', 4, 'EAGAIN'])
    output.write('one\n')
    output.write('two\n')
    expect([taken(), output.isBehind]).toEqual(['', true])
    await output.drained()
    expect([taken(), output.isBehind, output.lostBy]).toEqual(['one\ntwo\n', false, null])
  })

  it('that is lost while it waits keeps nobody waiting', async () => {
    const { output } = openDescriptor(['EAGAIN', 'EPIPE'])
    output.write('one\n')
    await output.drained()
    expect(output.lostBy).toBe('EPIPE')
  })
})

it('says in words why nothing can be written', () => {
  expect(['EPIPE', 'ENOSPC', 'EIO', 'EBADF'].map(describeLoss)).toEqual([
    'its reader has gone',
    'the disk is full',
    'its terminal has gone',
    'EBADF',
  ])
})
