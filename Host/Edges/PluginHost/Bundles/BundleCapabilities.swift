package import JSON

/// What a bundle asks for beyond computing, shown to whoever installs it.
package struct BundleCapabilities: Sendable, Equatable {
  /// Requests go to this host alone, to paths that begin like one of these.
  package struct Network: Sendable, Equatable {
    package var host: String
    package var paths: [String]

    package init(host: String, paths: [String]) {
      self.host = host
      self.paths = paths
    }

    package var text: String { paths.map { host + $0 }.joined(separator: ", ") }
  }

  package var network: [Network] = []
  /// It wants to run in a process of its own, and nowhere else.
  package var isWorkerOnly = false
  /// What its process may take; nil: no more than the host gives.
  package var memoryMegabytes: Int?

  package init() {}

  static let hostsMax = 16
  static let pathsMax = 16
  static let megabytes: ClosedRange<Int64> = 1...1_048_576

  /// Plugins have no network yet: whoever asks for it is told so wherever that is shown.
  package static let noHosts = "asks for hosts, none are given by this version"

  /// One line each; empty for a bundle that only computes.
  package var lines: [String] {
    var lines = network.map { "network: \($0.text)" }
    if isWorkerOnly { lines.append("runs in a worker process only") }
    if let memoryMegabytes { lines.append("memory: at most \(memoryMegabytes) MB") }
    return lines
  }

  package var json: JSONValue {
    var members: [(String, JSONValue)] = []
    if !network.isEmpty {
      members.append(
        (
          "network",
          .array(
            network.map {
              ["host": .string($0.host), "paths": .array($0.paths.map { .string($0) })]
            })
        ))
    }
    if isWorkerOnly { members.append(("workerOnly", true)) }
    if let memoryMegabytes { members.append(("memoryMegabytes", .integer(memoryMegabytes))) }
    return .object(members)
  }

  init(_ value: JSONValue?, _ path: String, _ reader: inout StrictReader) {
    guard let value else { return }
    let object = reader.object(
      value, path, keys: ["network", "workerOnly", "memoryMegabytes"])
    isWorkerOnly = reader.bool(object, "workerOnly", in: path)
    if object["memoryMegabytes"] != nil {
      memoryMegabytes = Int(reader.whole(object, "memoryMegabytes", in: path, Self.megabytes))
    }
    let hosts = reader.list(object, "network", in: path, 0...Self.hostsMax)
    for (index, element) in hosts.enumerated() {
      let place = "\(path).network[\(index)]"
      let entry = reader.object(element, place, keys: ["host", "paths"])
      let host = reader.text(
        entry, "host", in: place, bytesMax: 253, "a host's name in lower case", where: Self.isHost)
      if network.contains(where: { $0.host == host }) {
        reader.refuse(place, "\(host) is named twice", "give each host once, with all its paths")
      }
      let paths = reader.list(entry, "paths", in: place, 1...Self.pathsMax).enumerated().map {
        reader.text(
          $0.element, "\(place).paths[\($0.offset)]", "the beginning of a path, such as /v1/",
          where: Self.isPath)
      }
      network.append(Network(host: host, paths: paths))
    }
  }

  /// "api.acme.com/v1/" as it is typed; nil for what is no host and path.
  package static func network(_ text: String) -> Network? {
    let slash = text.firstIndex(of: "/") ?? text.endIndex
    let (host, path) = (String(text[..<slash]), String(text[slash...]))
    guard isHost(host), isPath(path.isEmpty ? "/" : path) else { return nil }
    return Network(host: host, paths: [path.isEmpty ? "/" : path])
  }

  static func isHost(_ text: String) -> Bool {
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    return text.utf8.count <= 253
      && labels.allSatisfy { label in
        !label.isEmpty && label.utf8.count <= 63 && label.first != "-" && label.last != "-"
          && label.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
              || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
          }
      }
  }

  /// No way out of it: no "..", no escapes, no query.
  private static func isPath(_ text: String) -> Bool {
    guard text.utf8.first == UInt8(ascii: "/"), text.utf8.count <= 255 else { return false }
    let parts = text.split(separator: "/")
    return parts.allSatisfy { part in
      part != "." && part != ".."
        && part.utf8.allSatisfy {
          (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "._-~".utf8.contains($0)
        }
    }
  }
}
