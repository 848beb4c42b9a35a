package doctor

import (
	"fmt"
	"os"
	"os/user"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// account is the user whose rights count: the one that the daemon runs as.
type account struct {
	name   string
	uid    int
	gid    int
	groups []int // supplementary ones
	home   string
	own    bool // the user of this process, so that nothing has to be changed to have these rights
}

// checkAccount finds out as whom the daemon runs, and whether this process can have that user's rights.
func (v *visit) checkAccount() {
	const check = "user"
	self := ownAccount(v.Home)
	v.account = self
	name := v.unit.user()
	if name == "" {
		v.pass(check, self.name+": no unit names another one")
		return
	}
	service, err := lookup(name, v.unit.list("SupplementaryGroups"))
	switch {
	case err != nil:
		v.add(check, Fail, fmt.Sprintf("%s runs the daemon as %s: %v", v.unit.name, name, err), "systemd-sysusers vpo.conf")
	case service.uid == self.uid:
		service.own = true
		v.account = service
		v.pass(check, name)
	case self.uid != 0:
		v.add(check, Warn, fmt.Sprintf("the daemon runs as %s; permissions are those of %s here", name, self.name),
			"sudo vpo doctor")
	default:
		v.account = service
		v.pass(check, fmt.Sprintf("%s, in the groups %s", name, strings.Join(groupNames(service), ", ")))
	}
}

func ownAccount(home string) account {
	a := account{name: strconv.Itoa(os.Geteuid()), uid: os.Geteuid(), gid: os.Getegid(), home: home, own: true}
	if u, err := user.LookupId(a.name); err == nil {
		a.name = u.Username
	}
	return a
}

// lookup finds a user with all groups: its own, and those that the unit adds.
func lookup(name string, extra []string) (account, error) {
	u, err := user.Lookup(name)
	if err != nil {
		if u, err = user.LookupId(name); err != nil {
			return account{}, fmt.Errorf("there is no user %s", name)
		}
	}
	ids, err := u.GroupIds()
	if err != nil {
		return account{}, fmt.Errorf("find the groups of %s: %w", name, err)
	}
	for _, group := range extra {
		g, err := user.LookupGroup(group)
		if err != nil {
			return account{}, fmt.Errorf("there is no group %s, which the unit adds", group)
		}
		ids = append(ids, g.Gid)
	}
	return newAccount(u, ids)
}

func newAccount(u *user.User, groups []string) (account, error) {
	numbers := make([]int, 0, len(groups)+2)
	for _, id := range append([]string{u.Uid, u.Gid}, groups...) {
		n, err := strconv.Atoi(id)
		if err != nil {
			return account{}, fmt.Errorf("the user %s has an odd number %q", u.Username, id)
		}
		numbers = append(numbers, n)
	}
	return account{name: u.Username, uid: numbers[0], gid: numbers[1], groups: numbers[2:], home: u.HomeDir}, nil
}

func groupNames(a account) []string {
	var names []string
	for _, id := range append([]int{a.gid}, a.groups...) {
		name := strconv.Itoa(id)
		if g, err := user.LookupGroupId(name); err == nil {
			name = g.Name
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// as runs do with the rights of the account, so that the kernel itself decides, access lists and file servers included.
// Rights belong to a thread: do gets one of its own that ends with it.
func (a account) as(do func() error) error {
	if a.own {
		return do()
	}
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // and never unlocked: the runtime ends the thread with the goroutine
		if err := a.become(); err != nil {
			done <- fmt.Errorf("take the rights of %s: %w", a.name, err)
			return
		}
		done <- do()
	}()
	return <-done
}

// become changes the user of this thread alone, for good; the functions of package syscall change all threads.
func (a account) become() error {
	groups := []uint32{uint32(a.gid)}
	for _, id := range a.groups {
		groups = append(groups, uint32(id))
	}
	if _, _, errno := unix.RawSyscall(unix.SYS_SETGROUPS, uintptr(len(groups)), uintptr(unsafe.Pointer(&groups[0])), 0); errno != 0 {
		return errno
	}
	gid, uid := uintptr(a.gid), uintptr(a.uid)
	if _, _, errno := unix.RawSyscall(unix.SYS_SETRESGID, gid, gid, gid); errno != 0 {
		return errno
	}
	if _, _, errno := unix.RawSyscall(unix.SYS_SETRESUID, uid, uid, uid); errno != 0 {
		return errno
	}
	return nil
}

// access asks whether the account may use a path in the way of access(2).
func (a account) access(path string, mode uint32) error {
	return a.as(func() error { return unix.Access(path, mode) })
}
