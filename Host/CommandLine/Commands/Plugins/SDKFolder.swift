import Glibc

/// Where headers, SDK and templates lie: beside an installed program, or in the tree that this one
/// was built in.
struct SDKFolder {
  let path: String

  static func find(_ given: String?) throws(CommandError) -> SDKFolder {
    var tried: [String] = []
    for candidate in given.map({ [$0] }) ?? candidates() {
      if access("\(candidate)/Templates/strategies.json", R_OK) == 0 {
        return SDKFolder(path: candidate)
      }
      tried.append(candidate)
    }
    throw CommandError(
      .failed, subject: given ?? "", "no SDK is here: \(tried.joined(separator: ", "))",
      remedy: "name its folder with --sdk, such as /usr/local/share/keel/sdk or PluginAPI")
  }

  private static func candidates() -> [String] {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    guard length > 0 else { return [] }
    let program = String(
      decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
    var folders = program.split(separator: "/").dropLast()
    var found = ["/\(folders.dropLast().joined(separator: "/"))/share/keel/sdk"]
    // .build/x86_64-unknown-linux-gnu/debug/keel
    for _ in 0..<4 where !folders.isEmpty {
      found.append("/\(folders.joined(separator: "/"))/PluginAPI")
      folders = folders.dropLast()
    }
    return found
  }

  /// What lies in a folder of it, by name; folders end with "/".
  func names(in folder: String) -> [String] {
    guard let stream = opendir("\(path)/\(folder)") else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name != ".", name != ".." else { continue }
      // The SDK holds links to sources that the host compiles too: a copy holds the sources.
      var status = stat()
      let isFolder =
        stat("\(path)/\(folder)/\(name)", &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      names.append(isFolder ? name + "/" : name)
    }
    return names.sorted()
  }

  func bytes(of file: String) throws(CommandError) -> [UInt8] {
    let descriptor = open("\(path)/\(file)", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw WrittenFile.failure("open", "\(path)/\(file)") }
    defer { close(descriptor) }
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count >= 0 else { throw WrittenFile.failure("read", "\(path)/\(file)") }
      if count == 0 { return all }
      all += buffer.prefix(count)
    }
  }
}
