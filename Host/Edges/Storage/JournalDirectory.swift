import Glibc

/// The directory that holds the segments of one journal, and what they are called.
struct JournalDirectory {
  let path: String
  var system = StorageSystem.real

  static func fileName(_ segment: Int) -> String { "journal-\(padded(segment, to: 6)).keel" }

  static func padded(_ number: Int, to count: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, count - digits.utf8.count)) + digits
  }

  func file(_ segment: Int) -> String { "\(path)/\(Self.fileName(segment))" }

  /// The seals of a segment.
  func seal(_ segment: Int) -> String { "\(path)/journal-\(Self.padded(segment, to: 6)).seal" }

  func snapshot(_ sequence: UInt64) -> String {
    let digits = String(sequence)
    let zeros = String(repeating: "0", count: 20 - digits.utf8.count)
    return "\(path)/snapshot-\(zeros)\(digits).keel"
  }

  func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// True when a segment of that number is there under its final name.
  func holds(_ segment: Int) -> Bool { exists(file(segment)) }

  /// Makes the directory and those above it.
  func create() throws(StorageError) {
    var end = path.utf8.startIndex
    while end != path.utf8.endIndex {
      let next = path.utf8.index(after: end)
      end = path.utf8[next...].firstIndex(of: UInt8(ascii: "/")) ?? path.utf8.endIndex
      let part = String(path[..<end])
      let answer = system.makeDirectory(part)
      if answer != -Int(EEXIST) {
        try StorageSystem.check(answer, part, "create the directory")
      }
    }
  }

  /// The numbers of all segments, ascending.
  func segments() throws(StorageError) -> [Int] {
    try names().compactMap { name in
      number(in: name, after: "journal-", before: ".keel").flatMap(Int.init(exactly:))
        .flatMap { Self.fileName($0) == name ? $0 : nil }
    }.sorted()
  }

  /// The sequences of all snapshots, ascending.
  func snapshots() throws(StorageError) -> [UInt64] {
    try names().compactMap { name in
      number(in: name, after: "snapshot-", before: ".keel").flatMap {
        snapshot($0) == "\(path)/\(name)" ? $0 : nil
      }
    }.sorted()
  }

  private func number(in name: String, after head: String, before tail: String) -> UInt64? {
    guard name.hasPrefix(head), name.hasSuffix(tail) else { return nil }
    return UInt64(name.dropFirst(head.utf8.count).dropLast(tail.utf8.count))
  }

  func names() throws(StorageError) -> [String] {
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
    var found: [String] = []
    while let entry = readdir(stream) {
      let characters = (UnsafeRawPointer(entry) + nameOffset).assumingMemoryBound(to: CChar.self)
      found.append(String(cString: characters))
    }
    return found
  }

  func remove(_ file: String) throws(StorageError) {
    try StorageSystem.check(system.remove(file), file, "remove it")
  }

  /// Makes the names in the directory durable.
  func sync() throws(StorageError) {
    let directory = try FileDescriptor(
      path: path, flags: O_RDONLY | O_DIRECTORY, system: system)
    try directory.sync()
  }

  /// For the one writer of this journal; let go by the kernel when that is killed.
  func lock() throws(StorageError) -> FileDescriptor {
    let file = try FileDescriptor(
      path: "\(path)/journal.lock", flags: O_RDWR | O_CREAT, system: system)
    guard try file.lock() else {
      throw StorageError(
        .inUse, path, "another writer has this journal open",
        remedy: "stop the session that writes it, or name another directory")
    }
    return file
  }
}
