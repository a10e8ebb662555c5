// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of the audit of a file.
#include <array>

#include "core/audit/rules/rule_tables.h"

namespace lapidary::core {
namespace {

using enum Severity;

constexpr std::string_view runsCode =
    "Whoever loads the pickle with Python runs what it calls, with all rights of their account.";
constexpr std::string_view askForTensors =
    "Do not load it. Ask its maker for a file of tensors alone (safetensors), or for the source of what it "
    "calls.";
constexpr std::string_view getAgain = "Get the file again from whoever made it and compare its SHA-256.";
constexpr std::string_view twoReaders =
    "Readers that trust one of the two see another file than readers that trust the other: a scanner can be "
    "shown "
    "harmless content.";
constexpr std::string_view packAgain =
    "Do not use it. Ask its maker for a file that an ordinary program packed.";
constexpr std::string_view leavesFolder =
    "A reader that follows it reads or writes files of this machine that do not belong to the model.";
constexpr std::string_view hiddenBytes =
    "No reader of the model looks at these bytes: a place to carry something along.";
constexpr std::string_view removeThem =
    "Ask what they are for. Saving the model anew with this program leaves them behind.";

constexpr std::array fileRuleTable{
    AuditRule{
        "file-unreadable", High, "The file cannot be read",
        "A damaged file may crash a less careful reader, and damage can be made to hide what follows it.",
        getAgain},
    AuditRule{"format-unknown", Low, "Not looked into",
              "The audit does not know this format and says nothing about it.",
              "Use a tool that knows the format, or ask for the model as ONNX or safetensors."},
    AuditRule{"format-partly", Note, "Looked into in part",
              "Configurations and what is hidden are searched for; what the format means beyond that is not "
              "followed.",
              "Use a tool that knows the format, or ask for the model as ONNX or safetensors."},
    AuditRule{"unknown-content", High, "Nothing that the audit knows",
              "None of it was looked into: it may hold anything.",
              "Find out what wrote it, and use a tool that knows it; --allow-unknown passes it on the "
              "command line."},
    AuditRule{"stream-damaged", High, "A packed stream that breaks off",
              "A loader runs what comes out before the break; what follows it was not seen.", getAgain},
    AuditRule{"content-mismatch", Medium, "The content is not what the name says",
              "Scanners that go by the name do not look at what is loaded.",
              "Ask its maker why it is named so."},
    AuditRule{"trailing-bytes", Medium, "Bytes behind the end", hiddenBytes, removeThem},
    AuditRule{"pickle-dangerous-name", Critical, "A pickle reaches for what runs code", runsCode,
              askForTensors},
    AuditRule{"pickle-unknown-call", High, "A pickle calls what is not on the allow-list", runsCode,
              askForTensors},
    AuditRule{
        "pickle-unknown-class", Medium, "A pickle names what is not on the allow-list",
        "Loading it imports that module, and a class can run code of its own when an object of it is made.",
        "Load it only where that module is known and trusted, or ask for a file of tensors alone."},
    AuditRule{"pickle-computed-name", High, "A pickle hides the name that it looks up",
              "What it reaches is known only when it is loaded. No ordinary pickle does this.",
              askForTensors},
    AuditRule{"pickle-changes-name", Critical, "A pickle changes something outside of itself",
              "Setting fields of a class or module that was looked up changes what later calls mean.",
              askForTensors},
    AuditRule{"pickle-odd", Medium, "A pickle that Python did not write",
              "Steps like this confuse scanners that keep their memory otherwise than Python does.",
              askForTensors},
    AuditRule{"pickle-damaged", High, "A pickle breaks off",
              "Loading runs all that stands before the break; a scanner that gives up here has seen nothing.",
              askForTensors},
    AuditRule{"pickle-nested", Medium, "A pickle inside a pickle",
              "What the outer one calls may load the inner one, which scanners take for text.",
              askForTensors},
    AuditRule{"npy-objects", Medium, "An array of Python objects",
              "It is a pickle: NumPy loads it only with allow_pickle.", "Ask for plain numbers."},
    AuditRule{"archive-damaged", High, "The archive's directory is damaged", twoReaders, getAgain},
    AuditRule{"archive-opaque", Medium, "An archive that was not looked into",
              "What is packed inside was not audited.",
              "Unpack it where it can do no harm, and audit what comes out."},
    AuditRule{"zip-path-escape", Critical, "A name that leads out of the folder", leavesFolder, packAgain},
    AuditRule{"zip-link", High, "A link in an archive", leavesFolder, packAgain},
    AuditRule{"zip-bomb", High, "A member that unpacks to very much",
              "Unpacking it fills the memory or the disk of whoever opens it.", packAgain},
    AuditRule{"zip-too-large", Medium, "A member too large to look into", "It was not audited.",
              "Unpack it by hand and audit what comes out."},
    AuditRule{"zip-duplicate-name", High, "Two members of one name", twoReaders, packAgain},
    AuditRule{"zip-names-differ", High, "A member with two names", twoReaders, packAgain},
    AuditRule{"zip-headers-differ", High, "A member with two descriptions", twoReaders, packAgain},
    AuditRule{"zip-overlap", High, "Members that share bytes",
              "Overlapping members unpack to far more than the archive holds, or to two things at once.",
              packAgain},
    AuditRule{"zip-checksum", High, "A member that is not what its checksum says",
              "Some loaders ignore the checksum while scanners give up on it: the content is loaded unseen.",
              getAgain},
    AuditRule{"zip-encrypted", High, "An encrypted member",
              "It was not audited; some loaders ignore the mark.", packAgain},
    AuditRule{"zip-method", Medium, "An unusual compression", "It was not audited.", packAgain},
    AuditRule{"zip-gap", Medium, "Bytes that belong to no member", hiddenBytes, removeThem},
    AuditRule{"script-inside", High, "A script or library in a model file",
              "Models are numbers. Code beside them waits to be run.",
              "Read it before anything is loaded from this folder."},
    AuditRule{"program-inside", Critical, "A program in a model file",
              "Models are numbers. A program beside them waits to be run.", "Do not use the file."},
    AuditRule{"torchscript", Medium, "A program of TorchScript",
              "The archive holds code that torch.jit.load runs; it was not audited.",
              "Ask for a state_dict or for ONNX."},
    AuditRule{"keras-code", High, "A Keras layer made of code",
              "Loading it runs compiled Python that is part of the file.",
              "Do not load it, safe mode or not. Ask for the model as ONNX."},
    AuditRule{"keras-module", High, "A Keras configuration that imports modules",
              "Loading it imports the module and calls what it names.",
              "Do not load it. Ask for the model as ONNX."},
    AuditRule{
        "keras-file", High, "A Keras layer that reads a file of the machine",
        "Loading the model reads the path that the configuration names, and can carry the content away.",
        "Do not load it. Ask for a model that holds its vocabulary."},
    AuditRule{"config-runs-code", Critical, "A configuration that runs code",
              "A program that builds the model from it calls the function that it names, with the arguments "
              "that it "
              "gives.",
              "Do not load it. Ask its maker what the entry is for."},
    AuditRule{
        "config-python-object", High, "A configuration that makes objects of Python",
        "A reader of YAML that takes such tags imports the module and calls the class that the tag names.",
        "Read it with a safe loader alone, or ask for a configuration of plain values."},
    AuditRule{"config-foreign-code", High, "A model that takes code from another repository",
              "Who loads it with trust_remote_code runs Python that somebody else may change at any time.",
              "Do not load it with trust_remote_code before that code was read."},
    AuditRule{
        "config-custom-code", Medium, "A model that needs code of its own",
        "It loads only with Python that comes with it, which does whatever it does (trust_remote_code).",
        "Read that code first, or ask for the model as ONNX."},
    AuditRule{"template-escape", Critical, "A template that reaches for more than its values",
              "Rendering it outside of a sandbox runs code with all rights of whoever chats with the model.",
              "Do not use the template. Take that of the model's maker."},
    AuditRule{"gguf-damaged", High, "A GGUF file that is not sound",
              "A reader that trusts its numbers reads or writes memory that is not its own.", getAgain},
    AuditRule{"tflite-damaged", High, "A TFLite model that is not sound",
              "A reader that trusts its offsets reads memory that is not its own.", getAgain},
    AuditRule{"tflite-file-op", Critical, "An operator that reaches files or Python",
              "It reads or writes files, or calls Python, where the model is run.",
              "Do not run it. Ask for a model of standard operators."},
    AuditRule{"tflite-custom-op", Medium, "An operator that is no part of TFLite",
              "Running it needs a library of its maker, which does whatever it does.",
              "Ask what the operator computes and who wrote its library."},
    AuditRule{"tf-file-op", Critical, "An operator that reaches files or Python",
              "It reads or writes files, or calls Python, where the graph is run.",
              "Do not run it. Ask for a model without it, as ONNX or TFLite."},
    AuditRule{"tf-table-file", Low, "A table that is read from a file",
              "Whoever runs the graph reads the file that it names.",
              "See to it that the file is the vocabulary that came with the model."},
    AuditRule{"caffe-python-layer", Critical, "A layer that runs Python",
              "Whoever loads the network imports the module that it names, and runs the class in it.",
              "Do not load it. Ask for a network of built-in layers, or for the model as ONNX."},
    AuditRule{"caffe-file-layer", High, "A layer that writes a file",
              "Running the network writes the file that it names.",
              "Take the layer out: it is of no use to a trained network."},
    AuditRule{"network-text-damaged", High, "A network as text that breaks off",
              "A less careful reader may load what was not looked into here.", getAgain},
    AuditRule{"coreml-custom", Medium, "A part that needs code of the app",
              "The app that loads it has to bring a class of that name, which does whatever it does.",
              "Ask what the class computes and who wrote it."},
    AuditRule{"coreml-file", High, "A file outside of the model", leavesFolder,
              "Ask for a model that holds all its parts."},
    AuditRule{"hidden-payload", High, "Something else hidden in the model",
              "A loader elsewhere can take it out and run it.",
              "Do not use the file before its maker has explained it."},
    AuditRule{"text-long", Low, "A very long text",
              "Descriptions and metadata are read by people; this one is larger than any of them reads.",
              removeThem},
    AuditRule{
        "safetensors-damaged", High, "The header of safetensors is not sound",
        "Tensors that overlap, leave gaps or stand there twice are read differently by different readers.",
        getAgain},
    AuditRule{"onnx-damaged", High, "Part of the model cannot be read",
              "Readers differ in what they make of it.", getAgain},
    AuditRule{"onnx-external-escape", Critical, "External data outside of the model's folder", leavesFolder,
              "Do not load it with other programs. Ask for a model that holds its weights."},
    AuditRule{"onnx-external-missing", Medium, "External data that is not there",
              "The model cannot be run; a file of that name that appears later is taken.",
              "Put the file beside the model."},
    AuditRule{"onnx-external-range", High, "External data beyond the file's end",
              "A reader that does not check reads memory that is not its own.", getAgain},
    AuditRule{"onnx-external-overlap", Medium, "Tensors that share external bytes",
              "Changing one changes the other; ordinary writers do not do this.",
              "Save the model anew with this program."},
    AuditRule{"onnx-external-unclaimed", Medium, "External data that no tensor reads", hiddenBytes,
              removeThem},
    AuditRule{"onnx-python-op", Critical, "An operator that runs Python",
              "It calls a function by name, or loads a library, where the model is run.",
              "Do not run it. Ask for a model of standard operators."},
    AuditRule{"onnx-custom-domain", Medium, "An operator of a domain of its own",
              "Running it needs a library of its maker, which does whatever it does.",
              "Ask what the operator computes and who wrote its library."},
    AuditRule{"onnx-functions", Low, "Operators defined inside the file",
              "What the graph shows is not all that it computes.", "Look at the functions too."},
    AuditRule{"onnx-function-shadows", High, "A standard operator is defined anew",
              "The graph seems to hold a known operator, and computes something else.",
              "Ask its maker for a model of standard operators."},
    AuditRule{"onnx-second-model", Medium, "Control flow that holds a model of its own",
              "On inputs that choose this branch another model answers than the one that was measured.",
              "Find inputs that choose each branch and measure all of them."},
    AuditRule{"onnx-absurd-shape", High, "A tensor that claims an impossible shape",
              "A reader that trusts it takes memory without end or reads past the tensor.", getAgain},
    AuditRule{"onnx-duplicate-name", High, "Two things of one name",
              "Readers differ in which of them they take.", "Ask its maker for a sound model."},
    AuditRule{"onnx-unknown-field", Medium, "Fields that the format does not have", hiddenBytes, removeThem},
    AuditRule{"onnx-unused-weights", Low, "Weights that no node reads", hiddenBytes, removeThem},
    AuditRule{"manifest-mismatch", Critical, "A file differs from its manifest",
              "It was changed after the manifest was written.", getAgain},
    AuditRule{"manifest-missing", Medium, "The manifest does not list it", "Nothing vouches for it.",
              getAgain},
    AuditRule{"signature-missing", High, "No signature", "A key was given, and nothing is signed with it.",
              "Ask its maker for the signature of the manifest."},
    AuditRule{"signature-invalid", Critical, "The signature is wrong",
              "The manifest was changed after it was signed, or somebody else has signed it.", getAgain},
};

}  // namespace

std::span<const AuditRule> fileRules() { return fileRuleTable; }

}  // namespace lapidary::core
