package config

// Change is a key whose value two configurations do not share. Secrets are masked, so that From and To of one that was
// changed may look the same.
type Change struct {
	Key      string
	From, To string
	Origin   string // of the new value
}

// Changes lists what is different in next, in the order of the keys. It compares the values themselves: a secret that was
// changed is found, although its mask is the same.
func (s *Settings) Changes(next *Settings) []Change {
	var changes []Change
	for i, k := range keys {
		if k.get(s.Config) == k.get(next.Config) {
			continue
		}
		to := next.Values[i]
		changes = append(changes, Change{Key: k.name, From: show(k.get(s.Config)), To: to.Value, Origin: to.Origin})
	}
	return changes
}
