/* kw-verbs.h: all verbs, for the table of kw-main.c */
#pragma once

#include "kw-verb-analyse.h"
#include "kw-verb-backtest.h"
#include "kw-verb-config.h"
#include "kw-verb-data.h"
#include "kw-verb-demo.h"
#include "kw-verb-doctor.h"
#include "kw-verb-gate.h"
#include "kw-verb-intents.h"
#include "kw-verb-model.h"
#include "kw-verb-optimize.h"
#include "kw-verb-run.h"
#include "kw-verb-setup.h"
#include "kw-verb-simulate.h"
#include "kw-verb-store.h"
#include "kw-verb-tell.h"
#include "kw-verb-train.h"
