// SPDX-License-Identifier: MIT
//
// Makes one chosen call of the program that it is linked into fail, so that a
// test can let each of them fail once, in turn: what a socket reads and writes,
// new connections and descriptors, memory; and the clock, which jumps ahead, so
// that every deadline passes at that moment.
//
// The test writes into a file that this maps (NOTIFY_FAULTS names it): which kind
// of call fails, and after how many. Calls are counted in all threads.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <new>

namespace {

// As tests/node/support/faults.mjs numbers them.
enum class kind : std::uint32_t { none, read, write, descriptor, clock, memory };

// The file's layout.
struct orders {
    std::atomic<kind> which;
    std::atomic<std::uint32_t> armed;  // 1 until the fault has happened
    std::atomic<std::int64_t> left;    // calls until it does
};

orders* map_orders()
{
    char const* const path = std::getenv("NOTIFY_FAULTS");
    int const fd = path ? ::open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0) return nullptr;
    void* const at = ::mmap(nullptr, sizeof(orders), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ::close(fd);
    return at == MAP_FAILED ? nullptr : static_cast<orders*>(at);
}

orders* const ordered = map_orders();

// Whether this call, of this kind, is the one that fails.
bool fails(kind k)
{
    if (!ordered || ordered->which.load(std::memory_order_relaxed) != k) return false;
    if (ordered->left.fetch_sub(1) != 1) return false;
    ordered->armed.store(0);
    return true;
}

bool is_socket(int fd)
{
    struct stat s {};
    return ::fstat(fd, &s) == 0 && S_ISSOCK(s.st_mode);
}

bool fails(kind k, int fd) { return ordered && is_socket(fd) && fails(k); }

template <class Function>
Function* next(char const* name)
{
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

ssize_t failed(int error)
{
    errno = error;
    return -1;
}

void* take_memory(std::size_t size)
{
    return fails(kind::memory) ? nullptr : std::malloc(size > 0 ? size : 1);
}

std::int64_t ahead = 0;  // seconds by which the clock has jumped; guarded by nothing: it grows

}  // namespace

// --- memory: all that C++ and Asio ask for; the C libraries' malloc is left alone ---

void* operator new(std::size_t size)
{
    if (void* const p = take_memory(size)) return p;
    throw std::bad_alloc{};
}

void* operator new(std::size_t size, std::nothrow_t const&) noexcept { return take_memory(size); }

// What Asio has for coroutines and for what is under way.
extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept
{
    static auto* const real = next<void*(std::size_t, std::size_t)>("aligned_alloc");
    return fails(kind::memory) ? nullptr : real(alignment, size);
}

void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }

// --- the kernel ---

extern "C" {

ssize_t recv(int fd, void* to, std::size_t size, int flags)
{
    static auto* const real = next<decltype(::recv)>("recv");
    return fails(kind::read, fd) ? failed(ECONNRESET) : real(fd, to, size, flags);
}

ssize_t recvmsg(int fd, msghdr* to, int flags)
{
    static auto* const real = next<decltype(::recvmsg)>("recvmsg");
    return fails(kind::read, fd) ? failed(ECONNRESET) : real(fd, to, flags);
}

ssize_t send(int fd, void const* from, std::size_t size, int flags)
{
    static auto* const real = next<decltype(::send)>("send");
    return fails(kind::write, fd) ? failed(EPIPE) : real(fd, from, size, flags);
}

ssize_t sendmsg(int fd, msghdr const* from, int flags)
{
    static auto* const real = next<decltype(::sendmsg)>("sendmsg");
    return fails(kind::write, fd) ? failed(EPIPE) : real(fd, from, flags);
}

int accept4(int fd, sockaddr* from, socklen_t* size, int flags)
{
    static auto* const real = next<decltype(::accept4)>("accept4");
    return fails(kind::descriptor) ? static_cast<int>(failed(EMFILE)) : real(fd, from, size, flags);
}

int socket(int family, int type, int protocol) noexcept
{
    static auto* const real = next<int(int, int, int)>("socket");
    return fails(kind::descriptor) ? static_cast<int>(failed(EMFILE))
                                   : real(family, type, protocol);
}

int connect(int fd, sockaddr const* to, socklen_t size)
{
    static auto* const real = next<decltype(::connect)>("connect");
    return fails(kind::descriptor) ? static_cast<int>(failed(ECONNREFUSED)) : real(fd, to, size);
}

int epoll_ctl(int set, int what, int fd, epoll_event* event) noexcept
{
    static auto* const real = next<int(int, int, int, epoll_event*)>("epoll_ctl");
    bool const fault = what == EPOLL_CTL_ADD && fails(kind::descriptor);
    return fault ? static_cast<int>(failed(ENOSPC)) : real(set, what, fd, event);
}

int clock_gettime(clockid_t which, timespec* now) noexcept
{
    static auto* const real = next<int(clockid_t, timespec*)>("clock_gettime");
    int const status = real(which, now);
    if (which != CLOCK_MONOTONIC) return status;
    constexpr std::int64_t jump = 600;  // longer than any deadline
    if (fails(kind::clock)) ahead += jump;
    now->tv_sec += ahead;
    return status;
}
}
