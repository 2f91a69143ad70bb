import PluginABI
import PluginHost
import TestSupport
import Testing

/// What is refused before or while a plugin is loaded, and what the user is told.
@Suite struct PluginLoadTests {
  let bench = PluginBench()

  @Test func missingFile() throws {
    let error = try bench.refusal("/nowhere/plugin.so")
    #expect(error.code == .missing)
    #expect(
      error.description
        == "/nowhere/plugin.so: there is no such file; check the path, or build the plugin")
  }

  @Test func directoryAndTextFile() throws {
    #expect(try bench.refusal(bench.directory.path).code == .unreadable)
    let text = try bench.directory.write("a.so", Array("#!/bin/sh\necho hello\n".utf8))
    let error = try bench.refusal(text)
    #expect(error.code == .notASharedObject)
    #expect(error.message == "is not an ELF file")
    let empty = try bench.directory.write("b.so", [])
    #expect(try bench.refusal(empty).message == "is empty")
  }

  @Test func program() throws {
    let error = try bench.refusal("/bin/sh")
    #expect(error.code == .notASharedObject)
    #expect(error.remedy == "build it as a shared object: cc -shared -fPIC")
  }

  /// A half-copied file is refused wherever the copy stopped.
  @Test func truncated() throws {
    let bytes = try TemporaryDirectory.bytes(of: bench.bad("traps"))
    for count in [4, 63, 64, 500, 4096, bytes.count / 2, bytes.count - 1] {
      let path = try bench.directory.write("cut\(count).so", Array(bytes.prefix(count)))
      let error = try bench.refusal(path)
      #expect(error.code == .notASharedObject, "after \(count) bytes")
      #expect(error.remedy.contains("rename it into place"), "after \(count) bytes")
    }
  }

  /// No byte of the headers, set to an extreme, makes the reader trap.
  @Test func corruptedHeaders() throws {
    let good = try PluginFile(path: bench.bad("traps"), bytesMax: 1 << 20).bytes
    for offset in 0..<1024 {
      for value: UInt8 in [0, 0x7f, 0xff] {
        var bytes = good
        bytes[offset] = value
        let file = PluginFile(path: "corrupt.so", bytes: bytes)
        do throws(PluginHostError) {
          try ElfLint.check(file, policy: LoadPolicy())
        } catch {
          #expect([.notASharedObject, .foreign, .lint].contains(error.code))
        }
      }
    }
  }

  @Test func foreignMachine() throws {
    var bytes = try TemporaryDirectory.bytes(of: bench.bad("traps"))
    bytes[18] = 40
    bytes[19] = 0
    let error = try bench.refusal(bench.directory.write("arm.so", bytes))
    #expect(error.code == .foreign)
    #expect(error.message.hasPrefix("is built for ARM (32 bits), this host is "))
  }

  @Test func lintListsEveryDefect() throws {
    let path = try CPluginCompiler.compile(
      "Tests/Fixtures/BadPlugins/extra_export.c",
      flags: ["-Wl,-z,execstack", "-Wl,--no-as-needed", "-ldl", "-lrt", "-lresolv"],
      usesVersionScript: false)
    let error = try bench.refusal(path)
    #expect(error.code == .lint)
    #expect(
      error.defects.map(\.message).contains("exports 1 symbol (helper) beside the entry"))
    #expect(error.defects.map(\.message).contains("asks for an executable stack"))
    #expect(error.message.contains("needs libresolv.so.2"))
    #expect(error.description.contains(" defects:\n  - "))
  }

  @Test func noEntry() throws {
    let path = try CPluginCompiler.compile(
      "Tests/Fixtures/BadPlugins/no_entry.c", usesVersionScript: false)
    let error = try bench.refusal(path)
    #expect(error.code == .lint)
    #expect(error.message.contains("does not export keel_entry_v0, but keel_entry_v9"))
    #expect(error.remedy.contains("build it against this host's headers"))
  }

  @Test func staticThreadLocals() throws {
    let error = try bench.refusal(bench.bad("static_tls"))
    #expect(error.message.contains("static thread-local storage"))
  }

  @Test(.enabled(if: CPluginCompiler.isInstalled("c++")))
  func uniqueSymbols() throws {
    let path = try CPluginCompiler.compile(
      "Tests/Fixtures/BadPlugins/gnu_unique.cpp", usesVersionScript: false)
    let error = try bench.refusal(path)
    #expect(error.message.contains("of type GNU_UNIQUE"))
    #expect(error.remedy.contains("-fno-gnu-unique"))
  }

  @Test(arguments: [
    ("entry_null", PluginHostError.Code.abi, "its entry returns NULL"),
    ("entry_short", .abi, "its keel_entry is 16 bytes long, not 48"),
    ("entry_null_slot", .abi, "keel_entry.create is NULL"),
    ("entry_other_draft", .abi, "it is built for ABI 0, draft 3; this host has ABI 0, draft 2"),
    ("duplicate_id", .descriptor, "descriptor 1: id \"test.twice\" is used twice"),
  ])
  func entry(_ name: String, _ code: PluginHostError.Code, _ message: String) throws {
    let error = try bench.refusal(bench.bad(name))
    #expect(error.code == code)
    #expect(error.message == message)
    #expect(bench.registry.builds.isEmpty)
  }

  @Test func entryThatCrashes() throws {
    let error = try bench.refusal(bench.bad("entry_crashes"))
    #expect(error.code == .fault)
    #expect(error.message.hasPrefix("SIGSEGV at 0x8 in the entry (offset 0x"))
  }

  @Test func descriptorDefectsAllAtOnce() throws {
    let error = try bench.refusal(bench.bad("descriptor_defects"))
    #expect(error.code == .descriptor)
    #expect(
      error.defects.map(\.message) == [
        "descriptor 0: name is NULL",
        "descriptor 0: kind \"keel.stratgy/1\" is unknown",
        "descriptor 0: id \"No URI\" is no reverse URI",
        "descriptor 0: version \"1.0-beta\" is not digits and dots",
        "descriptor 0: state_oldest 2 is newer than state_version 1",
        "descriptor 1 is 12 bytes long, not 64",
      ])
    #expect(error.remedy.contains("did you mean \"keel.strategy/1\"?"))
  }

  @Test func unresolvedSymbol() throws {
    let folder = CPluginCompiler.root + "/Tests/Fixtures/BadPlugins"
    let path = try CPluginCompiler.compile(
      text:
        "extern int elsewhere(void);\n#define ON_PROCESS return elsewhere();\n#include \"base.h\"",
      folder: folder)
    let error = try bench.refusal(path)
    #expect(error.code == .loadFailed)
    #expect(error.message.contains("undefined symbol: elsewhere"))
  }

  @Test func unsignedIsAMatterOfPolicy() throws {
    let bench = PluginBench(policy: LoadPolicy(elsewhere: .signed))
    let error = try bench.refusal(bench.bad("traps"))
    #expect(error.code == .refusedByPolicy)
    #expect(error.remedy.contains("\"trust\": \"unsigned\""))
  }

  @Test func residentBuildsAreBounded() throws {
    let bench = PluginBench(policy: LoadPolicy(residentBuildsMax: 1))
    _ = try bench.load(bench.bad("traps"))
    let error = try bench.refusal(bench.bad("null_dereference"))
    #expect(error.code == .capacity)
    #expect(error.remedy.contains("restart the host"))
    _ = try bench.load(bench.bad("traps"))
    #expect(bench.registry.builds.count == 1)
  }

  /// What failed after it was mapped stays mapped, and counts.
  @Test func refusedBuildsAreResidentToo() throws {
    let bench = PluginBench(policy: LoadPolicy(residentBuildsMax: 1))
    for _ in 0..<2 { #expect(try bench.refusal(bench.bad("entry_null")).code == .abi) }
    #expect(try bench.refusal(bench.bad("traps")).code == .capacity)
  }
}
