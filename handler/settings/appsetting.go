package settings

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
)

// appSetting is how a file refers to the environment, in the words of Logic Apps.
var appSetting = regexp.MustCompile(`@appsetting\('([^']*)'\)`)

// resolve replaces every @appsetting('NAME') in the strings of value by the environment's NAME.
func resolve(value any, at place, found *complaints) any {
	switch v := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			v[name] = resolve(v[name], at.in(name), found)
		}
	case []any:
		for i, entry := range v {
			v[i] = resolve(entry, at.item(i), found)
		}
	case string:
		if strings.Contains(strings.ToLower(appSetting.ReplaceAllString(v, "")), "@appsetting") {
			found.add(at, "must be written as @appsetting('NAME')")
		}
		return appSetting.ReplaceAllStringFunc(v, func(reference string) string {
			name := appSetting.FindStringSubmatch(reference)[1]
			text, ok := os.LookupEnv(name)
			switch {
			case ok:
			case settingName.MatchString(name):
				found.add(at, "names the setting %s, which is not in the environment; set it, or correct the name", name)
			default:
				found.add(at, "names a setting that is not in the environment; between the quotes goes a name, not a value")
			}
			return text
		})
	}
	return value
}

// settingName is what the name of a setting looks like, and a key that was put in its place does not.
var settingName = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_]{0,30}|[A-Z0-9]+(_[A-Z0-9]+)+)$`)
