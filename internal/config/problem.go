package config

import (
	"slices"
	"strings"
)

// Problem is one thing that the user has to correct.
type Problem struct {
	Source  string // "/etc/vpo/config.toml:12:1", "credential auth_token", "environment VPO_SERVER_PORT", "flag --port"
	Key     string // "server.port"; "" where the problem concerns no single key
	Message string // what is wrong; what to do
}

// String renders the problem as one line: source, key in a file, message.
func (p Problem) String() string {
	if p.Key == "" || strings.HasPrefix(p.Source, environmentSource) || strings.HasPrefix(p.Source, flagSource) ||
		strings.HasPrefix(p.Source, credentialSource) {
		return p.Source + ": " + p.Message
	}
	return p.Source + ": " + p.Key + ": " + p.Message
}

// Problems are all problems of one Load.
type Problems struct {
	list []Problem
}

// List returns the problems in the order file, credentials, environment, flags.
func (p *Problems) List() []Problem { return p.list }

// Error returns one line a problem.
func (p *Problems) Error() string {
	lines := make([]string, len(p.list))
	for i, problem := range p.list {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}

func (p *Problems) add(source, key, message string) {
	p.list = append(p.list, Problem{Source: source, Key: key, Message: message})
}

// about tells whether one of the keys has a problem.
func (p *Problems) about(keys ...string) bool {
	return slices.ContainsFunc(p.list, func(problem Problem) bool { return slices.Contains(keys, problem.Key) })
}
