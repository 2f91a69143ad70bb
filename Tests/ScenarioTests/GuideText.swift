import Foundation
import TestSupport
import Testing

/// `PluginAPI/README.md` as somebody who does what it says: files are written where it names them,
/// commands are run in their order.
struct GuideText {
  struct Step {
    /// "sh", or that of the file.
    let language: String
    /// Where a file goes: the last name in the line above it.
    let file: String
    let text: String
  }

  /// By heading.
  private let sections: [String: [Step]]

  init() throws {
    let path = "\(CPluginCompiler.root)/PluginAPI/README.md"
    let lines = try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\n")
    var sections: [String: [Step]] = [:]
    var (heading, above) = ("", "")
    var open: (language: String, lines: [String])?
    for line in lines {
      if let block = open {
        if line == "```" {
          let names = above.components(separatedBy: "`")
          sections[heading, default: []].append(
            Step(
              language: block.language, file: names.count > 2 ? names[names.count - 2] : "",
              text: block.lines.joined(separator: "\n") + "\n"))
          open = nil
        } else {
          open?.lines.append(line)
        }
      } else if line.hasPrefix("```") {
        open = (String(line.dropFirst(3)), [])
      } else if line.hasPrefix("#") {
        heading = String(line.drop { $0 == "#" || $0 == " " })
      } else if !line.isEmpty {
        above = line
      }
    }
    self.sections = sections
  }

  var headings: Set<String> { Set(sections.keys) }

  func steps(_ heading: String) throws -> [Step] {
    let steps = sections[heading] ?? []
    try #require(!steps.isEmpty, "the guide has nothing to do under \"\(heading)\"")
    return steps
  }

  /// Does what stands under a heading, in `folder`, where `keel` is what was built.
  func follow(_ heading: String, in folder: TemporaryDirectory) throws -> String {
    let bin = folder.file(".bin")
    if !FileManager.default.fileExists(atPath: bin) {
      try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: bin + "/keel", withDestinationPath: try BuiltProducts.keel)
    }
    var script = """
      set -e
      PATH='\(bin)':$PATH
      export KEEL_TRUST='\(folder.file(".trust.json"))' KEEL_SDK='\(CPluginCompiler.root)/PluginAPI'
      KEEL_INCLUDE="$KEEL_SDK/PluginABI/include"
      CFLAGS=-O1

      """
    for (place, step) in try steps(heading).enumerated() {
      if step.language == "sh" {
        script += step.text
      } else {
        try #require(step.file.contains("."), "no file is named above a block of \(step.language)")
        try step.text.write(
          toFile: folder.file(".step-\(place)"), atomically: true, encoding: .utf8)
        // As its reader would: over what the commands above it have made.
        let from = folder.file(".step-\(place)")
        let to = folder.file(step.file)
        script += "mkdir -p '\((to as NSString).deletingLastPathComponent)'\ncp '\(from)' '\(to)'\n"
      }
    }
    let run = try ToolRun.run(["sh", "-c", script], in: URL(fileURLWithPath: folder.path))
    #expect(run.status == 0, "\(heading): \(run.output)")
    return run.output
  }
}
