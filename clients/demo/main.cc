#include "clients/demo/demo_data.h"
int main() { return turnabout::demo::MembersCsv().empty(); }
