package double

import (
	"fmt"
	"regexp"
	"strings"
)

// binding is one in a function.json, of the kinds that this double knows.
type binding struct {
	Type, Direction, Name string
	AuthLevel, Route      string // of an httpTrigger
	Methods               []string
	Schedule              string // of a timerTrigger
	UseMonitor            *bool
	QueueName, Connection string // of a queue and a queueTrigger
	DataType              string
}

func (b binding) is(kind string) bool { return strings.EqualFold(b.Type, kind) }

func (b binding) isTrigger() bool { return strings.HasSuffix(strings.ToLower(b.Type), "trigger") }

var bindingName = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9]{0,127}$`)

// check refuses what no setting can make right.
func (b binding) check() error {
	kinds := map[string]string{"httptrigger": "in", "timertrigger": "in", "queuetrigger": "in", "http": "out", "queue": "out"}
	direction, known := kinds[strings.ToLower(b.Type)]
	switch {
	case !known:
		return fmt.Errorf("this double knows no binding of type %q", b.Type)
	case !strings.EqualFold(b.Direction, direction):
		return fmt.Errorf("the direction of a %s is %s", b.Type, direction)
	case b.Name == "$return" || b.DataType != "":
		return fmt.Errorf("this double knows neither $return nor dataType")
	case !bindingName.MatchString(b.Name):
		return fmt.Errorf("%q is no name for a binding", b.Name)
	}
	return nil
}

var queueName = regexp.MustCompile(`^[a-z0-9](-?[a-z0-9]){2,62}$`)

// resolve puts app settings in their places, and checks what comes of it.
func (b binding) resolve(settings map[string]string) (binding, error) {
	for _, value := range []*string{&b.QueueName, &b.Schedule} {
		for _, name := range placeholder.FindAllStringSubmatch(*value, -1) {
			if _, ok := settings[name[1]]; !ok {
				return b, fmt.Errorf("%s is no app setting", name[0])
			}
		}
		*value = expand(*value, settings)
	}
	switch {
	case b.is("timerTrigger"):
		return b, checkSchedule(b.Schedule)
	case b.is("queueTrigger"), b.is("queue"):
		if !queueName.MatchString(b.QueueName) || len(b.QueueName) > 63 {
			return b, fmt.Errorf("%q is no name for a queue", b.QueueName)
		}
		return b, checkConnection(b.Connection, settings)
	}
	return b, nil
}

// checkConnection refuses a connection that no app setting describes: by its name, with AzureWebJobs in front,
// or in parts behind two underscores.
func checkConnection(name string, settings map[string]string) error {
	if name == "" {
		name = "AzureWebJobsStorage"
	}
	for setting := range settings {
		whole, _, _ := strings.Cut(setting, "__")
		if whole == name || whole == "AzureWebJobs"+name {
			return nil
		}
	}
	return fmt.Errorf("the connection %s is no app setting", name)
}
