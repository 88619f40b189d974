/** Which of a program's outputs a frame belongs to. */
export type OutputChannel = 'stdout' | 'stderr'

const headerLength = 8

/**
 * Takes apart the frames in which an engine sends both outputs of a program over one stream.
 *
 * Frames may be cut anywhere: what is there of one is handed on at once, without a copy.
 */
export function createDemultiplexer(
  take: (channel: OutputChannel, bytes: Buffer) => void,
): (chunk: Buffer) => void {
  const header = Buffer.alloc(headerLength)
  let headerFilled = 0
  let missing = 0
  let channel: OutputChannel = 'stdout'

  return chunk => {
    let position = 0
    while (position < chunk.length) {
      if (missing === 0) {
        const copied = chunk.copy(header, headerFilled, position, position + headerLength - headerFilled)
        position += copied
        headerFilled += copied
        if (headerFilled < headerLength) return
        headerFilled = 0
        channel = readChannel(header)
        missing = header.readUInt32BE(4)
        continue
      }
      const end = Math.min(chunk.length, position + missing)
      const part = chunk.subarray(position, end)
      missing -= part.length
      position = end
      take(channel, part)
    }
  }
}

/** The engine's own complaints (3) are read like the program's. */
function readChannel(header: Buffer): OutputChannel {
  const kind = header[0] ?? 255
  if (kind > 3 || header.readUIntBE(1, 3) !== 0) {
    throw new Error('the engine sent something else than the frames of a program')
  }
  return kind < 2 ? 'stdout' : 'stderr'
}
