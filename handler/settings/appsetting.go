package settings

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// appSetting is how a file refers to the environment, in the words of Logic Apps.
var appSetting = regexp.MustCompile(`@appsetting\('([^']*)'\)`)

// A resolver puts settings in the place of the references to them.
type resolver struct {
	lookup func(name string) (value string, known bool)
	found  complaints
	empty  map[string]string // names of settings that are empty, by the place that is nothing but the reference
}

// unknownSetting stands in for a setting that is not there. It is no name, so that none is the same as another's.
const unknownSetting = "@"

// resolve replaces every @appsetting('NAME') in the strings of value by the setting NAME.
func (r *resolver) resolve(value any, at place) any {
	switch v := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			v[name] = r.resolve(v[name], at.in(name))
		}
	case []any:
		for i, entry := range v {
			v[i] = r.resolve(entry, at.item(i))
		}
	case string:
		if strings.Contains(strings.ToLower(appSetting.ReplaceAllString(v, "")), "@appsetting") {
			r.found.add(at, "must be written as @appsetting('NAME')")
		}
		return appSetting.ReplaceAllStringFunc(v, func(reference string) string {
			name := appSetting.FindStringSubmatch(reference)[1]
			text, known := r.lookup(name)
			switch {
			case !known:
				r.found = append(r.found, complaint{place: at, text: missingSetting(name), open: true})
				return unknownSetting
			case text == "" && v == reference:
				r.empty[at.key()] = emptySetting(name)
			}
			return text
		})
	}
	return value
}

// settingName is what the name of a setting looks like, and a key that was put in its place does not.
var settingName = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_]{0,30}|[A-Z0-9]+(_[A-Z0-9]+)+)$`)

func missingSetting(name string) string {
	if settingName.MatchString(name) {
		return "names the setting " + name + ", which is not in the environment; set it, or correct the name"
	}
	return "names a setting that is not in the environment; between the quotes goes a name, not a value"
}

func emptySetting(name string) string {
	if settingName.MatchString(name) {
		return "names the setting " + name + ", which is empty; give it a value"
	}
	return "names a setting that is empty; give it a value"
}
