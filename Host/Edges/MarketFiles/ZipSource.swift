/// The one file that a zip archive holds, as venues pack a day or a month each. Length and checksum
/// are checked when its end is reached, as `GzipSource` does.
final class ZipSource: ByteSource {
  private let path: String
  private let file: PlainSource
  private let entry: ZipEntry
  private var inflater: Inflater
  private var rest = UnsafeRawBufferPointer(start: nil, count: 0)
  private var sum = CRC32()
  private var length: UInt64 = 0
  private var isEnded = false

  init(_ file: PlainSource) throws(MarketFileError) {
    path = file.path
    self.file = file
    entry = try ZipEntry(of: file)
    try file.seek(to: entry.contentOffset)
    inflater = Inflater(file)
  }

  var bytesTaken: Int { file.bytesTaken }

  func read(into space: UnsafeMutableRawBufferPointer) throws(MarketFileError) -> Int {
    guard !isEnded else { return 0 }
    let count = try entry.isStored ? readStored(into: space) : inflate(into: space)
    sum.add(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(space)[..<count]))
    length += UInt64(count)
    if count == 0 {
      isEnded = true
      guard length == entry.length else {
        throw ZipEntry.damage(path, "its content has another length")
      }
      guard sum.value == entry.checksum else {
        throw ZipEntry.damage(path, "its content has another checksum")
      }
    } else if length > entry.length {
      throw ZipEntry.damage(path, "its content is longer than the archive says")
    }
    return count
  }

  private func inflate(
    into space: UnsafeMutableRawBufferPointer
  ) throws(MarketFileError) -> Int {
    if rest.isEmpty {
      do throws(Inflater.Failure) { rest = try inflater.next() } catch {
        switch error {
        case .source(let error): throw error
        case .torn: throw ZipEntry.damage(path, "its content ends too early")
        case .wrong(let what): throw ZipEntry.damage(path, what)
        }
      }
    }
    let count = min(rest.count, space.count)
    guard count > 0, let target = space.baseAddress, let source = rest.baseAddress else { return 0 }
    target.copyMemory(from: source, byteCount: count)
    rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    return count
  }

  private func readStored(
    into space: UnsafeMutableRawBufferPointer
  ) throws(MarketFileError) -> Int {
    let left = entry.length - length
    let wanted = Int(min(UInt64(space.count), left))
    guard wanted > 0 else { return 0 }
    let count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: space[..<wanted]))
    guard count > 0 else { throw ZipEntry.damage(path, "its content ends too early") }
    return count
  }
}
