// A script run by node, asked and answered line by line.
#pragma once

#include <string>
#include <vector>

namespace lapidary::bench {

class NodeProcess {
 public:
  /// `script` stands in tests/bench. Throws std::runtime_error where no pipe can be had.
  NodeProcess(const std::string& script, std::vector<std::string> arguments);
  ~NodeProcess();
  NodeProcess(const NodeProcess&) = delete;
  NodeProcess& operator=(const NodeProcess&) = delete;

  /// Throws std::runtime_error where node or ONNX Runtime is missing, or the script ended.
  std::string ask(const std::string& line);

 private:
  int m_process = -1;
  int m_toChild = -1;
  int m_fromChild = -1;
};

}  // namespace lapidary::bench
