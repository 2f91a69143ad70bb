import Glibc

/// The content of a gzip file (RFC 1952), of one member or several. Length and checksum of each
/// are checked when its end is reached, so that what was handed out before may still turn out to
/// be torn: whoever imports keeps nothing until the end.
final class GzipSource: ByteSource {
  private let path: String
  private let file: PlainSource
  private var inflater: Inflater
  private var rest = UnsafeRawBufferPointer(start: nil, count: 0)
  private var sum = CRC32()
  private var length: UInt32 = 0
  private var member = 0
  private var isInMember = false
  private var isEnded = false

  init(_ file: PlainSource) {
    path = file.path
    self.file = file
    inflater = Inflater(file)
  }

  var bytesTaken: Int { file.bytesTaken }

  func read(into space: UnsafeMutableRawBufferPointer) throws(MarketFileError) -> Int {
    while rest.isEmpty, !isEnded {
      if !isInMember {
        guard try beginMember() else { break }
      }
      do throws(Inflater.Failure) { rest = try inflater.next() } catch { throw failure(error) }
      sum.add(rest)
      length &+= UInt32(truncatingIfNeeded: rest.count)
      if rest.isEmpty { try endMember() }
    }
    let count = min(rest.count, space.count)
    guard count > 0, let target = space.baseAddress, let source = rest.baseAddress else { return 0 }
    target.copyMemory(from: source, byteCount: count)
    rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    return count
  }

  /// False at the end of the file.
  private func beginMember() throws(MarketFileError) -> Bool {
    if member > 0, try inflater.input.isAtEnd() {
      isEnded = true
      return false
    }
    var header = [UInt8](repeating: 0, count: 10)
    try take(&header)
    guard header[0] == 0x1F, header[1] == 0x8B else {
      // Some programs fill a file up with zeros.
      if member > 0, header.allSatisfy({ $0 == 0 }) { return try skipZeros() }
      throw damage("bytes follow its end that are no gzip member")
    }
    guard header[2] == 8, header[3] & 0xE0 == 0 else {
      throw damage("it is packed in a way that gzip does not know")
    }
    let flags = header[3]
    if flags & 4 != 0 {
      var size = [UInt8](repeating: 0, count: 2)
      try take(&size)
      var extra = [UInt8](repeating: 0, count: Int(size[0]) | Int(size[1]) << 8)
      try take(&extra)
    }
    for flag: UInt8 in [8, 16] where flags & flag != 0 {
      var byte: [UInt8] = [1]
      while byte[0] != 0 { try take(&byte) }
    }
    if flags & 2 != 0 {
      var checksum = [UInt8](repeating: 0, count: 2)
      try take(&checksum)
    }
    member += 1
    isInMember = true
    inflater.restart()
    (sum, length) = (CRC32(), 0)
    return true
  }

  private func skipZeros() throws(MarketFileError) -> Bool {
    var byte: [UInt8] = [0]
    while try !inflater.input.isAtEnd() {
      try take(&byte)
      guard byte[0] == 0 else { throw damage("bytes follow its end that are no gzip member") }
    }
    isEnded = true
    return false
  }

  private func endMember() throws(MarketFileError) {
    inflater.input.alignToByte()
    var trailer = [UInt8](repeating: 0, count: 8)
    try take(&trailer)
    func number(_ from: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 | UInt32(trailer[from + $1]) << UInt32(8 * $1) }
    }
    guard number(0) == sum.value else { throw damage("its content has another checksum") }
    guard number(4) == length else { throw damage("its content has another length") }
    isInMember = false
  }

  private func take(_ bytes: inout [UInt8]) throws(MarketFileError) {
    let wanted = bytes.count
    var taken = 0
    var caught: MarketFileError?
    bytes.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      do throws(MarketFileError) { taken = try inflater.input.takeBytes(wanted, into: start) } catch
      { caught = error }
    }
    if let caught { throw caught }
    guard taken == wanted else { throw failure(.torn) }
  }

  private func failure(_ failure: Inflater.Failure) -> MarketFileError {
    switch failure {
    case .source(let error): return error
    case .torn:
      return MarketFileError(
        .damaged, path, "the compressed file ends too early: it was cut off",
        remedy: "download or copy it again")
    case .wrong(let what): return damage(what)
    }
  }

  private func damage(_ what: String) -> MarketFileError {
    MarketFileError(
      .damaged, path, "the compressed file is damaged: \(what)",
      remedy: "download or copy it again; gzip -t checks it")
  }
}
