import Glibc

/// The directory that holds the segments of one journal, and what they are called.
struct JournalDirectory {
  let path: String

  static func fileName(_ segment: Int) -> String {
    let digits = String(segment)
    let zeros = String(repeating: "0", count: max(0, 6 - digits.utf8.count))
    return "journal-\(zeros)\(digits).keel"
  }

  func file(_ segment: Int) -> String { "\(path)/\(Self.fileName(segment))" }

  /// True when a segment of that number is there under its final name.
  func holds(_ segment: Int) -> Bool { access(file(segment), F_OK) == 0 }

  /// Makes the directory and those above it.
  func create() throws(StorageError) {
    var end = path.utf8.startIndex
    while end != path.utf8.endIndex {
      let next = path.utf8.index(after: end)
      end = path.utf8[next...].firstIndex(of: UInt8(ascii: "/")) ?? path.utf8.endIndex
      let part = String(path[..<end])
      if mkdir(part, 0o755) != 0, errno != EEXIST {
        throw StorageError.system(errno, part, "create the directory")
      }
    }
  }

  /// The numbers of all segments, ascending.
  func segments() throws(StorageError) -> [Int] {
    guard let stream = opendir(path) else {
      let failure = errno
      var status = stat()
      guard failure == ENOTDIR, lstat(path, &status) == 0 else {
        throw StorageError.system(failure, path, "list the directory")
      }
      throw StorageError(
        .notAJournal, path, "it is a file, and a journal is a directory of files",
        remedy: "name the directory that a session has written")
    }
    defer { closedir(stream) }
    let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name)!
    var found: [Int] = []
    while let entry = readdir(stream) {
      let characters = (UnsafeRawPointer(entry) + nameOffset).assumingMemoryBound(to: CChar.self)
      let name = String(cString: characters)
      guard name.hasPrefix("journal-"), name.hasSuffix(".keel"),
        let number = Int(name.dropFirst(8).dropLast(5)), number >= 0,
        name == Self.fileName(number)
      else { continue }
      found.append(number)
    }
    return found.sorted()
  }

  /// Makes the names in the directory durable.
  func sync() throws(StorageError) {
    let directory = try FileDescriptor(path: path, flags: O_RDONLY | O_DIRECTORY)
    try directory.sync()
  }
}
