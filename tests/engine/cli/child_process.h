// A function that runs in a process of its own, which may be killed.
#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <exception>

namespace lanegrad::test {

class ChildProcess {
 public:
  // Ends with what `function` returns, or with 99 where it throws.
  template <class Function>
  explicit ChildProcess(Function&& function) {
    // The handlers of the test framework would report a failure, also in the child's first moments.
    sigset_t waiting;
    sigset_t mask;
    sigfillset(&waiting);
    pthread_sigmask(SIG_SETMASK, &waiting, &mask);
    id_ = fork();
    if (id_ == 0) {
      for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::signal(signal, SIG_DFL);
    }
    pthread_sigmask(SIG_SETMASK, &mask, nullptr);
    if (id_ != 0) return;
    int code = 99;
    try {
      code = function();
    } catch (const std::exception&) {
    }
    _exit(code);
  }
  ~ChildProcess() {
    if (id_ <= 0) return;
    kill(SIGKILL);
    wait();
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  void kill(int signal) const { ::kill(id_, signal); }

  bool runs() {
    if (id_ > 0 && waitpid(id_, &status_, WNOHANG) == id_) id_ = 0;
    return id_ > 0;
  }

  // Its exit code, or 128 and the number of the signal that ended it, as shells say it.
  int wait() {
    if (id_ > 0) waitpid(id_, &status_, 0);
    id_ = 0;
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
  }

 private:
  pid_t id_ = 0;
  int status_ = 0;
};

}  // namespace lanegrad::test
