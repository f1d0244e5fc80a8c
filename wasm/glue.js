// Functions that replace those of Emscripten's glue. They leave out what the bindings never use. The numbers
// are about the bytes after brotli that each saves by itself.
addToLibrary({
  // It is needed only in messages about types that nobody bound, and the original would bring
  // printf along.
  $getTypeName: (type) => `type ${type}`,
  $getTypeName__deps: [],
  $throwUnboundTypeError: (message) => throwInternalError(message), // 69
  $throwUnboundTypeError__deps: ["$throwInternalError"],
  // No name is bound twice, and no class has a bound base class, so there is nothing to check.
  $exposePublicSymbol: (name, value) => (Module[name] = value), // 173
  $exposePublicSymbol__deps: [],
  $replacePublicSymbol: (name, value) => (Module[name] = value), // 54
  $replacePublicSymbol__deps: [],
  $ensureOverloadTable: () => {},
  $ensureOverloadTable__deps: [],
  // Handles are plain pointers, of classes without a bound base class, and are deleted once; the API's own
  // handles do what finalizers would do (engine.ts).
  $RegisteredPointer: function (name, registeredClass, isReference, isConst) {
    Object.assign(this, { name, registeredClass, isReference, isConst, destructorFunction: null });
    this.toWireType = isConst
      ? constNoSmartPtrRawPointerToWireType
      : nonConstNoSmartPtrRawPointerToWireType;
  },
  $RegisteredPointer__deps: [
    "$constNoSmartPtrRawPointerToWireType",
    "$nonConstNoSmartPtrRawPointerToWireType",
    "$init_RegisteredPointer",
  ],
  $RegisteredPointer_fromWireType: function (ptr) {
    return ptr
      ? makeClassHandle(this.registeredClass.instancePrototype, { ptrType: this, ptr })
      : null;
  },
  $RegisteredPointer_fromWireType__deps: ["$makeClassHandle"],
  $makeClassHandle: (prototype, record) => Object.create(prototype, { $$: { value: record } }),
  $makeClassHandle__deps: [],
  $init_ClassHandle: () => {
    ClassHandle.prototype.delete = function () {
      if (!this.$$.ptr) throwInstanceAlreadyDeleted(this);
      this.$$.ptrType.registeredClass.rawDestructor(this.$$.ptr);
      this.$$.ptr = undefined;
    };
  },
  $init_ClassHandle__deps: ["$ClassHandle", "$throwInstanceAlreadyDeleted"],
});
