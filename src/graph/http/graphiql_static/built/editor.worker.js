import{a}from"./chunk-GDCTDXFJ.js";import"./chunk-SP2SMTA6.js";import"./chunk-BDJPL57C.js";import"./chunk-4L5RI3VG.js";export{a as initialize};
